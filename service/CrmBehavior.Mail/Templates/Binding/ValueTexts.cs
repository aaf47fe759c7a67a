using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CrmBehavior.Mail.Templates.Values;
using CrmBehavior.Pipeline.Ports;
using HandlebarsDotNet;
using HandlebarsDotNet.IO;

namespace CrmBehavior.Mail.Templates.Binding;

/// <summary>How values show: the same on every machine, whatever its culture.</summary>
/// <param name="unknown">What stands for something missing that is not even named, or null to refuse.</param>
sealed class ValueTexts(string? unknown) : IFormatterProvider, IFormatter
{
    public bool TryCreateFormatter(Type type, [NotNullWhen(true)] out IFormatter? formatter)
    {
        formatter = this;
        return true;
    }

    public void Format<T>(T value, in EncodedTextWriter writer) => writer.Write(Text(value));

    string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        long or int or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        Missing missing => missing.Text(),
        ScopeList list => throw new TemplateException($"{{{{{list.Path}}}}} is a list; show its items by {{{{#each {list.Path}}}}}…{{{{/each}}}}."),
        Scope scope => throw new TemplateException($"{{{{{scope.Path}}}}} is not one value; name one of its values, as in {{{{{scope.Path}.name}}}}."),
        UndefinedBindingResult undefined => unknown ?? throw new TemplateException($"'{undefined.Value}' has no value there and no fallback; take it away."),
        _ => throw new TemplateException($"A {value.GetType().Name} cannot be shown."),
    };
}
