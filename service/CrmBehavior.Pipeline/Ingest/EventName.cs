using System;
using System.Text;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>Names of events as the language spells them: <c>Product Added</c> is <c>product_added</c>.</summary>
public static class EventName
{
    /// <summary>The snake_case of a name; one with a colon, as <c>signal:x</c>, stays as it is.</summary>
    /// <param name="name">A name.</param>
    /// <returns>The name in the language's spelling; empty when nothing is left.</returns>
    public static string ToSnakeCase(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Contains(':', StringComparison.Ordinal)) return name;
        var snake = new StringBuilder(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (!char.IsLetterOrDigit(c))
            {
                if (snake.Length > 0 && snake[^1] != '_') snake.Append('_');
                continue;
            }
            bool begins = char.IsUpper(c) && i > 0 && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1])
                || (char.IsUpper(name[i - 1]) && i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (begins && snake.Length > 0 && snake[^1] != '_') snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }
        return snake.ToString().TrimEnd('_');
    }
}
