using System;
using System.Collections.Generic;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Traits that have another name than the column they are.</summary>
internal static class CrmColumns
{
    static readonly Dictionary<string, string> ByTrait = new(StringComparer.Ordinal)
    {
        ["email"] = "emailaddress1",
        ["doNotEmail"] = "donotemail",
        ["doNotBulkEmail"] = "donotbulkemail",
        ["timeZone"] = "crmb_timezone",
    };

    /// <summary>The logical name of the column that a trait is.</summary>
    public static string Of(string trait) => ByTrait.GetValueOrDefault(trait, trait.ToLowerInvariant());
}
