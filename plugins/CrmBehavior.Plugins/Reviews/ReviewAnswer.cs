namespace CrmBehavior.Plugins.Reviews;

/// <summary>Values of the choice <c>crmb_reviewanswer</c>.</summary>
static class ReviewAnswer
{
    internal const int Open = 410330000;
    internal const int Approved = 410330001;
    internal const int Rejected = 410330002;

    /// <summary>Nobody answered; the deadline decided.</summary>
    internal const int Expired = 410330003;

    internal static string Word(int answer) => answer switch
    {
        Approved => "approved",
        Rejected => "rejected",
        Expired => "expired",
        _ => "open",
    };
}
