using System;

namespace CrmBehavior.Storage.Retention;

/// <summary>Weeks as keys against repetition are kept and dropped by: whole ones, numbered from 1970-01-01.</summary>
internal static class Week
{
    public const long Milliseconds = 7L * 24 * 60 * 60 * 1000;

    /// <summary>The week an instant lies in.</summary>
    /// <param name="at">Milliseconds since 1970.</param>
    public static int Of(long at) => (int)Math.DivRem(at, Milliseconds).Quotient;
}
