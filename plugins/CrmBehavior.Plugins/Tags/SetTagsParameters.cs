namespace CrmBehavior.Plugins.Tags;

/// <summary>Parameters of the custom API <c>crmb_SetTags</c>.</summary>
static class SetTagsParameters
{
    /// <summary>The list that <see cref="TagPairs"/> reads; text, required.</summary>
    internal const string Pairs = "Pairs";

    /// <summary>How many tags were put on or taken off; whole number.</summary>
    internal const string Changed = "Changed";

    /// <summary>Ids of contacts that are not there, or that the caller may not see: a JSON array in text.</summary>
    internal const string Missing = "Missing";

    /// <summary>Tags that were wanted and on already, a JSON array of <c>{"contact":"id","tag":"name"}</c> in text: what somebody else has set, no segment takes off.</summary>
    internal const string There = "There";
}
