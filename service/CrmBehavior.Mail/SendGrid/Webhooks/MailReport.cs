using System;
using System.Collections.Generic;

namespace CrmBehavior.Mail.SendGrid.Webhooks;

/// <summary>What became of a mail, as its provider tells.</summary>
/// <param name="Event">
/// SendGrid's word: <c>processed</c>, <c>delivered</c>, <c>bounce</c>, <c>dropped</c>, <c>deferred</c>, <c>open</c>, <c>click</c>,
/// <c>spamreport</c>, <c>unsubscribe</c>, …
/// </param>
/// <param name="EventId">The same each time the event is told again; where SendGrid gives none, made from the event's bytes.</param>
/// <param name="DecisionId">The mail's <see cref="Pipeline.Ports.RenderedMail.Id"/>, or null.</param>
/// <param name="ContactId">To whom it went, or null.</param>
/// <param name="Email">To which address.</param>
/// <param name="At">When, in whole seconds.</param>
/// <param name="Reason">Why it bounced, was dropped or deferred.</param>
/// <param name="Type">Of a bounce: <c>bounce</c> or <c>blocked</c>, which is not for good.</param>
/// <param name="Url">Of a click: the address followed.</param>
/// <param name="IsMachineOpen">Of an opening: whether a program fetched the picture ahead of any reader.</param>
/// <param name="Args">Further arguments of the mail under their own names.</param>
public sealed record MailReport(
    string Event, string EventId, Guid? DecisionId, Guid? ContactId, string Email, DateTimeOffset At, string? Reason, string? Type, string? Url,
        bool IsMachineOpen,
    IReadOnlyDictionary<string, string> Args);

/// <summary>What a webhook call told.</summary>
/// <param name="Reports">What could be read, in order.</param>
/// <param name="Problems">What could not: which element and why.</param>
public sealed record MailReports(IReadOnlyList<MailReport> Reports, IReadOnlyList<string> Problems);
