using System;
using System.Globalization;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates.Functions;

/// <summary><c>{{number value "#,0.00"}}</c> and <c>{{money value "EUR"}}</c>, with point and comma as in English.</summary>
static class NumberFunction
{
    public static string Run(object value, string? format)
    {
        try
        {
            return Read("number", value).ToString(string.IsNullOrEmpty(format) ? "#,0.##" : format, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new TemplateException($"number: '{format}' is no format of numbers; write one like \"#,0.00\".");
        }
    }

    public static string Money(object value, string? currency)
    {
        string amount = Read("money", value).ToString("#,0.00", CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(currency) ? amount : amount + " " + currency;
    }

    static decimal Read(string name, object value)
    {
        switch (value)
        {
            case long whole: return whole;
            case int whole: return whole;
            case decimal exact: return exact;
            case double real when Math.Abs(real) < 1e28: return (decimal)real;
            case string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal read): return read;
            default: throw new TemplateException($"{name}: '{value}' is no number.");
        }
    }
}
