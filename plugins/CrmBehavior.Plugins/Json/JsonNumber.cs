using System.Globalization;
using System.Text;

namespace CrmBehavior.Plugins.Json;

/// <summary>Reads a number.</summary>
static class JsonNumber
{
    /// <summary>The number as written.</summary>
    internal static string Read(JsonText text)
    {
        var read = new StringBuilder();
        int line = text.Line, column = text.Column;
        if (text.Current == '-') read.Append(text.Take());
        if (!text.AtEnd && text.Current == '0')
        {
            read.Append(text.Take());
            if (!text.AtEnd && IsDigit(text.Current)) throw text.FaultAt(line, column, "a number does not begin with 0; leave it out.");
        }
        else
        {
            Digits(text, read);
        }

        if (!text.AtEnd && text.Current == '.')
        {
            read.Append(text.Take());
            Digits(text, read);
        }

        if (!text.AtEnd && text.Current is 'e' or 'E')
        {
            read.Append(text.Take());
            if (!text.AtEnd && text.Current is '+' or '-') read.Append(text.Take());
            Digits(text, read);
        }

        if (!IsFinite(read.ToString())) throw text.FaultAt(line, column, "the number is too large.");
        return read.ToString();
    }

    /// <summary>Two numbers that are written differently may be one: 5, 5.0 and 5e0.</summary>
    internal static bool Same(string one, string other) =>
        one == other || Value(one).Equals(Value(other));

    static double Value(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    static void Digits(JsonText text, StringBuilder read)
    {
        if (text.AtEnd || !IsDigit(text.Current)) throw text.Fault("a digit is missing here.");
        while (!text.AtEnd && IsDigit(text.Current)) read.Append(text.Take());
    }

    static bool IsDigit(char c) => c is >= '0' and <= '9';

    // .NET Framework answers false where newer ones answer infinity.
    static bool IsFinite(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !double.IsInfinity(value);
}
