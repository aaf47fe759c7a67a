using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace CrmBehavior.Mail;

/// <summary>Who sends.</summary>
/// <param name="Address">His e-mail address.</param>
/// <param name="Name">His name, or null.</param>
public sealed record Sender(string Address, string? Name)
{
    /// <summary>Reads <c>address</c> or <c>Name &lt;address&gt;</c>, the name with or without quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sender">What it says.</param>
    /// <returns>Whether it is one of both.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out Sender? sender)
    {
        sender = null;
        string trimmed = text.Trim();
        if (!HeaderText.IsClean(trimmed)) return false;
        int open = trimmed.LastIndexOf('<');
        string address = trimmed;
        string? name = null;
        if (open >= 0)
        {
            if (!trimmed.EndsWith('>')) return false;
            address = trimmed[(open + 1)..^1].Trim();
            name = trimmed[..open].Trim().Trim('"').Trim();
        }
        if (!IsAddress(address)) return false;
        sender = new Sender(address, string.IsNullOrEmpty(name) ? null : name);
        return true;
    }

    static bool IsAddress(string address)
    {
        int at = address.LastIndexOf('@');
        return at > 0 && at < address.Length - 1 && address.Length <= 320
            && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';') && !address[(at + 1)..].StartsWith('.')
                && !address.EndsWith('.');
    }
}
