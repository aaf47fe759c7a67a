using System;
using System.Collections.Generic;

namespace CrmBehavior.Plugins.Reviews;

/// <summary>Columns of <c>crmb_review</c>.</summary>
static class ReviewColumns
{
    internal const string Name = "crmb_name";
    internal const string Contact = "crmb_contactid";
    internal const string Journey = "crmb_journey";
    internal const string Step = "crmb_step";
    internal const string Entry = "crmb_entry";
    internal const string Deadline = "crmb_deadline";

    /// <summary>What happens at the deadline: a word of the definition language.</summary>
    internal const string Default = "crmb_default";

    /// <summary>One of <see cref="ReviewAnswer"/>.</summary>
    internal const string Answer = "crmb_answer";
    internal const string AnsweredBy = "crmb_answeredby";
    internal const string AnsweredOn = "crmb_answeredon";

    /// <summary>Id of the decision that waits for the answer.</summary>
    internal const string Decision = "crmb_decisionid";
    internal const string State = "statecode";
    internal const string Status = "statuscode";

    /// <summary>What the service asks, and what only it may change.</summary>
    internal static IReadOnlyList<string> Question { get; } =
        Array.AsReadOnly(new[] { Name, Contact, Journey, Step, Entry, Deadline, Default, "crmb_reason", "crmb_preview", Decision });

    /// <summary>What answering fills in.</summary>
    internal static IReadOnlyList<string> Answering { get; } = Array.AsReadOnly(new[] { AnsweredBy, AnsweredOn });

    /// <summary>Columns whose change is checked; the owner of a review is none of them.</summary>
    internal static IReadOnlyList<string> Guarded { get; } = Array.AsReadOnly(new[]
    {
        Name, Contact, Journey, Step, Entry, Deadline, Default, "crmb_reason", "crmb_preview", Decision, Answer, AnsweredBy, AnsweredOn, State, Status,
    });

    /// <summary>What the event tells of the row as it became.</summary>
    internal static IReadOnlyList<string> Told { get; } =
        Array.AsReadOnly(new[] { Contact, Journey, Step, Entry, Answer, AnsweredBy, AnsweredOn, Decision, "versionnumber" });
}
