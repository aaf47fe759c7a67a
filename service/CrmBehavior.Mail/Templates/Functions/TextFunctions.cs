using System;
using CrmBehavior.Mail.Templates.Values;
using CrmBehavior.Pipeline.Ports;
using HandlebarsDotNet;

namespace CrmBehavior.Mail.Templates.Functions;

/// <summary>Makes the functions known to the renderer. A missing first argument shows as any missing value does.</summary>
static class TextFunctions
{
    public static void Register(IHandlebars handlebars)
    {
        handlebars.RegisterHelper("date", (_, arguments) => Show(arguments, value => DateFunction.Run(Words(value), Word(arguments, 1), Word(arguments, 2))));
        handlebars.RegisterHelper("number", (_, arguments) => Show(arguments, value => NumberFunction.Run(value, Word(arguments, 1))));
        handlebars.RegisterHelper("money", (_, arguments) => Show(arguments, value => NumberFunction.Money(value, Word(arguments, 1))));
    }

    static object Show(Arguments arguments, Func<object, string> show)
    {
        object? value = arguments[0];
        if (value is Missing or Scope or ScopeList) return value;
        return value is null or UndefinedBindingResult ? throw new TemplateException("A function was given nothing to show.") : show(value);
    }

    static string? Word(Arguments arguments, int index) => index >= arguments.Length ? null : arguments[index] switch
    {
        Missing missing => missing.Text(),
        { } value => Words(value),
        null => null,
    };

    static string Words(object value) =>
        value is IFormattable number ? number.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : value.ToString() ?? "";
}
