namespace CrmBehavior.Plugins.Definitions;

/// <summary>Parameters of the custom API <c>crmb_Publish</c>.</summary>
static class PublishParameters
{
    /// <summary>Why it is published; text, required.</summary>
    internal const string Reason = "Reason";

    /// <summary>The number of the version that the call made.</summary>
    internal const string Version = "Version";
}
