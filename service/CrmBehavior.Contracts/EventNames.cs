namespace CrmBehavior.Contracts;

/// <summary>Names of the events that the product itself raises or reads, as the definition language spells them.</summary>
public static class EventNames
{
    /// <summary>A contact was created.</summary>
    public const string ContactCreated = "contact_created";

    /// <summary>Columns of a contact were written.</summary>
    public const string ContactUpdated = "contact_updated";

    /// <summary>A contact was deleted.</summary>
    public const string ContactDeleted = "contact_deleted";

    /// <summary>An e-mail, phone call, appointment or task was created.</summary>
    public const string ActivityCreated = "activity_created";

    /// <summary>An e-mail, phone call, appointment or task was completed.</summary>
    public const string ActivityCompleted = "activity_completed";

    /// <summary>A lead was created: property <c>leadId</c>, and its columns.</summary>
    public const string LeadCreated = "lead_created";

    /// <summary>A lead was changed: its columns, and as <c>changed</c> which were written.</summary>
    public const string LeadUpdated = "lead_updated";

    /// <summary>A lead was qualified.</summary>
    public const string LeadQualified = "lead_qualified";

    /// <summary>A lead was disqualified.</summary>
    public const string LeadDisqualified = "lead_disqualified";

    /// <summary>A lead was deleted.</summary>
    public const string LeadDeleted = "lead_deleted";

    /// <summary>An opportunity was created: property <c>opportunityId</c>, and its columns.</summary>
    public const string OpportunityCreated = "opportunity_created";

    /// <summary>An opportunity was changed: its columns, and as <c>changed</c> which were written.</summary>
    public const string OpportunityUpdated = "opportunity_updated";

    /// <summary>An opportunity was won.</summary>
    public const string OpportunityWon = "opportunity_won";

    /// <summary>An opportunity was lost.</summary>
    public const string OpportunityLost = "opportunity_lost";

    /// <summary>A person answered a review: properties <c>journey</c>, <c>step</c>, <c>approved</c>.</summary>
    public const string ReviewDecided = "review_decided";

    /// <summary>A page was seen.</summary>
    public const string PageViewed = "page_viewed";

    /// <summary>A screen of an app was seen.</summary>
    public const string ScreenViewed = "screen_viewed";

    /// <summary>A form was sent in.</summary>
    public const string FormSubmitted = "form_submitted";

    /// <summary>A visitor was told apart: his traits, and who he is.</summary>
    public const string Identified = "identified";

    /// <summary>The mail reached the recipient's server.</summary>
    public const string EmailDelivered = "email_delivered";

    /// <summary>The mail was opened.</summary>
    public const string EmailOpened = "email_opened";

    /// <summary>A link in the mail was followed.</summary>
    public const string EmailClicked = "email_clicked";

    /// <summary>The mail came back; <c>permanent:false</c> when it may work later.</summary>
    public const string EmailBounced = "email_bounced";

    /// <summary>The recipient called the mail spam.</summary>
    public const string EmailComplained = "email_complained";

    /// <summary>The recipient wants no more; <c>purpose</c>, or all when it has none.</summary>
    public const string EmailUnsubscribed = "email_unsubscribed";

    /// <summary>Consent was given or withdrawn: <c>channel</c>, <c>purpose</c>, <c>granted</c>.</summary>
    public const string ConsentChanged = "consent_changed";
}
