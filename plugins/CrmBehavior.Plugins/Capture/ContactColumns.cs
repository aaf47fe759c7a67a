using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Plugins.Capture;

/// <summary>Columns of <c>contact</c> by logical name: which are published as they ship, and which never are.</summary>
static class ContactColumns
{
    internal const string FirstName = "firstname";
    internal const string LastName = "lastname";
    internal const string FullName = "fullname";
    internal const string RowVersion = "versionnumber";

    /// <summary>The only one of the product's own columns that is a fact about the person; the service writes all the others.</summary>
    internal const string TimeZone = "crmb_timezone";

    const string Prefix = "crmb_";
    const string Address = "emailaddress1";
    const string NoMail = "donotemail";
    const string NoBulkMail = "donotbulkemail";

    static readonly HashSet<string> SystemColumns = new HashSet<string>(StringComparer.Ordinal)
    {
        "contactid", "statuscode", RowVersion, "createdon", "createdby", "createdonbehalfby", "createdbyexternalparty", "modifiedon", "modifiedby",
        "modifiedonbehalfby", "modifiedbyexternalparty", "overriddencreatedon", "importsequencenumber", "timezoneruleversionnumber",
        "utcconversiontimezonecode", "owningbusinessunit", "owninguser", "owningteam", "exchangerate", "processid", "stageid", "traversedpath",
        "entityimage", "entityimageid", "entityimage_timestamp", "entityimage_url", "address1_addressid", "address2_addressid", "address3_addressid",
        "address1_composite", "address2_composite", "address3_composite", "onholdtime", "lastonholdtime", "slaid", "slainvokedid",
    };

    /// <summary>Filtering columns of the Update step as shipped; an administrator adds columns to the step.</summary>
    internal static IReadOnlyList<string> Published { get; } = Array.AsReadOnly(new[]
    {
        FirstName, LastName, FullName, Address, "telephone1", "mobilephone", "jobtitle", "parentcustomerid",
        "address1_city", "address1_country", "ownerid", "statecode", "masterid", NoMail, NoBulkMail,
        "preferredcontactmethodcode", TimeZone,
    });

    /// <summary>Those of <see cref="Published"/> that are neither choice nor lookup.</summary>
    internal static IReadOnlyList<string> Unlabelled { get; } = Array.AsReadOnly(new[]
    {
        FirstName, LastName, FullName, Address, "telephone1", "mobilephone", "jobtitle", "address1_city", "address1_country",
        NoMail, NoBulkMail, TimeZone,
    });

    /// <summary>Names of the definition language for columns; the logical name is sent beside them.</summary>
    internal static IReadOnlyDictionary<string, string> Aliases { get; } = new[]
    {
        new KeyValuePair<string, string>(Address, "email"),
        new KeyValuePair<string, string>(NoMail, "doNotEmail"),
        new KeyValuePair<string, string>(NoBulkMail, "doNotBulkEmail"),
        new KeyValuePair<string, string>(TimeZone, "timeZone"),
    }.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>Not the platform's bookkeeping and not what the service itself writes back.</summary>
    internal static bool IsPublishable(string column) =>
        column == TimeZone || (!column.StartsWith(Prefix, StringComparison.Ordinal) && !SystemColumns.Contains(column));
}
