using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace CrmBehavior.Plugins.Json;

/// <summary>Writes an object of texts, numbers and flags, or a value that was read.</summary>
sealed class JsonWriter
{
    readonly StringBuilder text = new StringBuilder();

    /// <summary>Adds a member; one without value is left out.</summary>
    internal JsonWriter Add(string name, string? value)
    {
        if (value == null) return this;
        AppendName(name);
        AppendText(text, value);
        return this;
    }

    /// <summary>Adds a member.</summary>
    internal JsonWriter Add(string name, int value)
    {
        AppendName(name);
        text.Append(value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Adds a member.</summary>
    internal JsonWriter Add(string name, bool value)
    {
        AppendName(name);
        text.Append(value ? "true" : "false");
        return this;
    }

    /// <summary>The object.</summary>
    public override string ToString() => "{" + text + "}";

    /// <summary>A value as text, without needless space.</summary>
    internal static string Of(JsonNode value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    void AppendName(string name)
    {
        if (text.Length > 0) text.Append(',');
        AppendText(text, name);
        text.Append(':');
    }

    static void Append(StringBuilder text, JsonNode value)
    {
        switch (value.Kind)
        {
            case JsonKind.Object:
                AppendList(text, '{', value.Members, '}', (part, member) =>
                {
                    AppendText(part, member.Key);
                    Append(part.Append(':'), member.Value);
                });
                break;
            case JsonKind.Array:
                AppendList(text, '[', value.Items, ']', Append);
                break;
            case JsonKind.Text:
                AppendText(text, value.Text);
                break;
            default:
                text.Append(value.Text);
                break;
        }
    }

    static void AppendList<T>(StringBuilder text, char open, IEnumerable<T> items, char close, System.Action<StringBuilder, T> append)
    {
        char before = open;
        foreach (T item in items)
        {
            append(text.Append(before), item);
            before = ',';
        }

        if (before == open) text.Append(open);
        text.Append(close);
    }

    static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else text.Append(c);
        }

        text.Append('"');
    }
}
