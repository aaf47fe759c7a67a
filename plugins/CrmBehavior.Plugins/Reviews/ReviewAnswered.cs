using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Reviews;

/// <summary>
/// Checks a change of a review before it is written. A person answers an open review once, before its deadline; who and when is filled in
/// and the row closed. The question itself, and closing without an answer, is the service's.
/// </summary>
public sealed class ReviewAnswered : PluginBase
{
    const int Inactive = 1;
    const int ClosedStatus = 2;

    internal override void Run(PluginCall call)
    {
        Entity target = call.Target ?? throw new InvalidOperationException("The message has no Target.");
        Entity before = call.Before ?? call.AsSystem().Retrieve(CrmNames.Review, call.RowId, new ColumnSet(ReviewColumns.Guarded.ToArray()));
        int from = Answer(before) ?? ReviewAnswer.Open;
        int to = target.Contains(ReviewColumns.Answer) ? Answer(target) ?? ReviewAnswer.Open : from;
        if (from != ReviewAnswer.Open) CheckStands(target, before, from, to);
        else if (to is ReviewAnswer.Approved or ReviewAnswer.Rejected) Fill(call, target, before, to);
        else if (!Echo.IsService(call)) CheckPerson(target, before, to);
    }

    // Words for the trace and for the person; an answer is what was decided on, so it stays.
    static void CheckStands(Entity target, Entity before, int from, int to)
    {
        bool reopened = target.GetAttributeValue<OptionSetValue>(ReviewColumns.State)?.Value == 0;
        if (to == from && !reopened && !Changes(target, before, ReviewColumns.Question) && !Changes(target, before, ReviewColumns.Answering)) return;
        string when = before.GetAttributeValue<DateTime?>(ReviewColumns.AnsweredOn) is DateTime time ? " on " + Shown(time) : "";
        throw new InvalidPluginExecutionException(
            "This review was " + (from == ReviewAnswer.Expired ? "closed at its deadline" : ReviewAnswer.Word(from)) + when
            + ", and what follows from that has begun. It cannot be changed or opened again.");
    }

    static void Fill(PluginCall call, Entity target, Entity before, int to)
    {
        DateTime now = Now(call);
        if (before.GetAttributeValue<OptionSetValue>(ReviewColumns.State)?.Value == Inactive)
            throw new InvalidPluginExecutionException("This review is closed: the journey went on without it. It cannot be answered any more.");
        if (Changes(target, before, ReviewColumns.Question)) throw OnlyTheAnswer();
        if (before.GetAttributeValue<DateTime?>(ReviewColumns.Deadline) is DateTime deadline && now >= EventStart.Utc(deadline))
        {
            string taken = before.GetAttributeValue<string>(ReviewColumns.Default) is { Length: > 0 } word ? ", and \"" + word + "\" was taken" : "";
            throw new InvalidPluginExecutionException("The deadline of this review was " + Shown(deadline) + taken + ". It cannot be answered any more.");
        }

        target[ReviewColumns.AnsweredBy] = new EntityReference("systemuser", call.Context.InitiatingUserId);
        target[ReviewColumns.AnsweredOn] = now;
        target[ReviewColumns.State] = new OptionSetValue(Inactive);
        target[ReviewColumns.Status] = new OptionSetValue(ClosedStatus);
        call.Trace("The review was " + ReviewAnswer.Word(to) + ".");
    }

    static void CheckPerson(Entity target, Entity before, int to)
    {
        if (to == ReviewAnswer.Expired)
            throw new InvalidPluginExecutionException("Only the service lets a review expire, at its deadline; answer it with Approved or Rejected.");
        if (Changes(target, before, ReviewColumns.Question)) throw OnlyTheAnswer();
        if (Changes(target, before, ReviewColumns.Answering))
            throw new InvalidPluginExecutionException("Who answered, and when, is filled in by answering; leave crmb_answeredby and crmb_answeredon out.");
        if (target.GetAttributeValue<OptionSetValue>(ReviewColumns.State)?.Value == Inactive)
            throw new InvalidPluginExecutionException("A review is closed by answering it, with Approved or Rejected.");
    }

    static InvalidPluginExecutionException OnlyTheAnswer() => new InvalidPluginExecutionException(
        "What a review asks is written by the service; only its answer (crmb_answer) and its owner can be changed.");

    // What is sent again as it was, by a form or by a repeated write, is no change.
    static bool Changes(Entity target, Entity before, IEnumerable<string> columns) => columns.Any(column =>
        target.Contains(column) && !Equals(Plain(target[column]), Plain(before.Attributes.TryGetValue(column, out object? was) ? was : null)));

    static object? Plain(object? value) => value switch
    {
        EntityReference reference => reference.Id,
        DateTime time => EventStart.Utc(time).Ticks / TimeSpan.TicksPerSecond,
        string { Length: 0 } => null,
        _ => value,
    };

    static int? Answer(Entity row) => row.GetAttributeValue<OptionSetValue>(ReviewColumns.Answer)?.Value;

    // The platform's clock rather than this machine's.
    static DateTime Now(PluginCall call) =>
        call.Context.OperationCreatedOn == default ? DateTime.UtcNow : EventStart.Utc(call.Context.OperationCreatedOn);

    static string Shown(DateTime time) => EventStart.Utc(time).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
