using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Sales;

/// <summary>Columns of the tables of Dynamics 365 Sales, by logical name, that are told to the service.</summary>
static class SalesColumns
{
    internal const string Contact = "parentcontactid";
    internal const string Customer = "customerid";
    internal const string OriginatingLead = "originatingleadid";
    internal const string Address = "emailaddress1";
    internal const string ResponseAddress = "emailaddress";
    internal const string State = "statecode";
    internal const string RowVersion = "versionnumber";

    /// <summary>Filtering columns and image of the steps on <c>lead</c>; an administrator adds columns to the Update step.</summary>
    internal static IReadOnlyList<string> Lead { get; } = Array.AsReadOnly(new[]
    {
        "subject", "firstname", "lastname", "fullname", Address, "telephone1", "mobilephone", "jobtitle", "companyname", "address1_city",
        "address1_country", "leadsourcecode", "leadqualitycode", "industrycode", "estimatedamount", "estimatedclosedate", Contact, "parentaccountid",
        "ownerid", State, "statuscode", "donotemail", "donotbulkemail",
    });

    /// <summary>Filtering columns and image of the steps on <c>opportunity</c>.</summary>
    internal static IReadOnlyList<string> Opportunity { get; } = Array.AsReadOnly(new[]
    {
        "name", Contact, Customer, OriginatingLead, "estimatedvalue", "actualvalue", "estimatedclosedate", "actualclosedate", "closeprobability",
        "opportunityratingcode", "stepname", "ownerid", State, "statuscode",
    });

    /// <summary>What a campaign response tells beside what every activity tells.</summary>
    internal static IReadOnlyList<string> Response { get; } = Array.AsReadOnly(new[] { "responsecode", "channeltypecode", "promotioncodename", ResponseAddress });
}
