namespace CrmBehavior.Contracts;

/// <summary>
/// Names in the CRM that the plugin and the service share: tables, their sets, status values. Schema names are lower case, so that
/// logical names and navigation properties are spelled alike.
/// </summary>
public static class CrmNames
{
    /// <summary>Table of definitions; set <see cref="DefinitionSet"/>.</summary>
    public const string Definition = "crmb_definition";

    /// <summary>Entity set of <see cref="Definition"/>.</summary>
    public const string DefinitionSet = "crmb_definitions";

    /// <summary>Table of published versions; set <see cref="DefinitionVersionSet"/>.</summary>
    public const string DefinitionVersion = "crmb_definitionversion";

    /// <summary>Entity set of <see cref="DefinitionVersion"/>.</summary>
    public const string DefinitionVersionSet = "crmb_definitionversions";

    /// <summary>Table of tags; set <see cref="TagSet"/>.</summary>
    public const string Tag = "crmb_tag";

    /// <summary>Entity set of <see cref="Tag"/>.</summary>
    public const string TagSet = "crmb_tags";

    /// <summary>N:N relationship of contact and tag, and its navigation property on both sides.</summary>
    public const string ContactTag = "crmb_contact_tag";

    /// <summary>Table of scores per contact; set <see cref="ContactScoreSet"/>.</summary>
    public const string ContactScore = "crmb_contactscore";

    /// <summary>Entity set of <see cref="ContactScore"/>.</summary>
    public const string ContactScoreSet = "crmb_contactscores";

    /// <summary>Custom activity for the timeline; set <see cref="TouchpointSet"/>.</summary>
    public const string Touchpoint = "crmb_touchpoint";

    /// <summary>Entity set of <see cref="Touchpoint"/>.</summary>
    public const string TouchpointSet = "crmb_touchpoints";

    /// <summary>Table of messages that wait for a person; set <see cref="ReviewSet"/>.</summary>
    public const string Review = "crmb_review";

    /// <summary>Entity set of <see cref="Review"/>.</summary>
    public const string ReviewSet = "crmb_reviews";

    /// <summary>Table of consent with its evidence; set <see cref="ConsentSet"/>.</summary>
    public const string Consent = "crmb_consent";

    /// <summary>Entity set of <see cref="Consent"/>.</summary>
    public const string ConsentSet = "crmb_consents";

    /// <summary>Table of counts per definition and day; set <see cref="StatisticSet"/>.</summary>
    public const string Statistic = "crmb_statistic";

    /// <summary>Entity set of <see cref="Statistic"/>.</summary>
    public const string StatisticSet = "crmb_statistics";

    /// <summary>Bound custom API that publishes the draft of a definition; parameter <c>Reason</c>.</summary>
    public const string Publish = "crmb_Publish";

    /// <summary>Unbound custom API that puts tags on contacts and takes them off; it runs inside Dataverse.</summary>
    public const string SetTags = "crmb_SetTags";

    /// <summary>Unbound custom API that asks the service why a definition did, or did not, concern a contact.</summary>
    public const string Explain = "crmb_Explain";

    /// <summary>Unbound custom API that asks the service whether a definition is right.</summary>
    public const string Validate = "crmb_Validate";

    /// <summary>Unbound custom API that asks the service what a journey would have done.</summary>
    public const string Backtest = "crmb_Backtest";

    /// <summary>Unbound custom API that asks the service to send the caller a mail as a contact would get it.</summary>
    public const string SendTest = "crmb_SendTest";

    /// <summary>Environment variable: the id of the service's application user, whose own writes are never published again.</summary>
    public const string ServiceUserVariable = "crmb_ServiceUser";

    /// <summary>Id of the service endpoint row that leads to the bus; fixed by the solution, the same in every environment.</summary>
    public const string ServiceEndpointId = "5b1d6f0e-3c52-4b8e-9d5a-41033c0de001";

    /// <summary>Environment variable: the address of the companion service.</summary>
    public const string ServiceUrlVariable = "crmb_ServiceUrl";

    /// <summary>Environment variable of the kind Secret: the key with which custom APIs sign what they ask of the service.</summary>
    public const string ServiceKeyVariable = "crmb_ServiceKey";

    /// <summary>Header of a signed question to the service: when it was asked, in seconds since 1970, UTC.</summary>
    public const string TimeHeader = "X-Crmb-Time";

    /// <summary>Header of a signed question to the service: the id of the user who asks, lower case, without braces.</summary>
    public const string UserHeader = "X-Crmb-User";

    /// <summary>
    /// Header of a signed question to the service: <c>v1=</c> and the lower-case hexadecimal HMAC-SHA256 over time, line feed, user, line
    /// feed, path, line feed and the bytes of the body.
    /// </summary>
    public const string SignatureHeader = "X-Crmb-Signature";

    /// <summary>Environment variable: the score that is shown on the contact itself.</summary>
    public const string MainScoreVariable = "crmb_MainScore";

    /// <summary>Environment variable: the user or team that owns contacts which the service creates.</summary>
    public const string DefaultOwnerVariable = "crmb_DefaultOwner";
}

/// <summary>Status reasons (<c>statuscode</c>) of a definition row.</summary>
public static class DefinitionStatus
{
    /// <summary>A working draft.</summary>
    public const int Draft = 1;

    /// <summary>Retired; the row is inactive (<c>statecode</c> 1).</summary>
    public const int Retired = 2;

    /// <summary>Published and running.</summary>
    public const int Live = 410330001;

    /// <summary>Published and paused.</summary>
    public const int Paused = 410330002;
}
