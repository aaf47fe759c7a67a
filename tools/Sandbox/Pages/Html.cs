using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace CrmBehavior.Sandbox.Pages;

/// <summary>A piece of HTML. It is made from interpolated text only, in which every value that is not HTML itself is escaped.</summary>
internal readonly struct Html
{
    readonly string? text;

    Html(string text) => this.text = text;

    public static Html Empty => default;

    /// <summary>HTML from interpolated text: <c>Html.Of($"&lt;td&gt;{value}&lt;/td&gt;")</c>.</summary>
    public static Html Of(ref Builder builder) => new(builder.ToString());

    /// <summary>One piece after another.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts));

    /// <inheritdoc/>
    public override string ToString() => text ?? "";

    /// <summary>Collects the parts of an interpolated text.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Builder(int literalLength, int formattedCount)
    {
        readonly StringBuilder html = new(literalLength + formattedCount * 16);

        public void AppendLiteral(string literal) => html.Append(literal);

        public void AppendFormatted(Html value) => html.Append(value);

        public void AppendFormatted(string? value) => html.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted<T>(T value) => html.Append(WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)));

        public override string ToString() => html.ToString();
    }
}
