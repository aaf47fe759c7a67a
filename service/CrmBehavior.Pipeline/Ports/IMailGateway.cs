using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>The mail provider.</summary>
public interface IMailGateway
{
    /// <summary>Hands a mail over.</summary>
    /// <param name="mail">The mail, rendered.</param>
    /// <param name="cancellation">Gives up waiting; whether it was accepted is then unknown.</param>
    /// <returns>What the provider answered.</returns>
    Task<MailResult> SendAsync(RenderedMail mail, CancellationToken cancellation);
}

/// <summary>A mail as it goes out.</summary>
/// <param name="Id">Id of the effect; travels with it and comes back in the provider's events.</param>
/// <param name="Contact">To whom.</param>
/// <param name="To">Address.</param>
/// <param name="ToName">Name of the person, or null.</param>
/// <param name="Subject">Subject line.</param>
/// <param name="Html">Body.</param>
/// <param name="Text">Body as plain text.</param>
/// <param name="Headers">Further headers.</param>
/// <param name="Args">Further arguments that come back in the provider's events, as text.</param>
public sealed record RenderedMail(
    Guid Id, Guid Contact, string To, string? ToName, string Subject, string Html, string Text, IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Args);

/// <summary>How handing a mail over came out.</summary>
public enum MailOutcome
{
    /// <summary>The provider has it.</summary>
    Accepted,

    /// <summary>Refused for good.</summary>
    Refused,

    /// <summary>Not taken; to be tried again.</summary>
    Retry,

    /// <summary>The provider takes none of our mails (a key revoked, the plan used up): sending stops until a person has looked.</summary>
    Closed,

    /// <summary>No answer; it may have been accepted.</summary>
    Uncertain,
}

/// <summary>The provider's answer.</summary>
/// <param name="Outcome">How it came out.</param>
/// <param name="Reason">In the provider's words.</param>
/// <param name="After">How long to wait before the next attempt.</param>
public readonly record struct MailResult(MailOutcome Outcome, string? Reason = null, TimeSpan? After = null);

/// <summary>Fills texts with what is known of a contact and of the event at hand.</summary>
public interface ITextRenderer
{
    /// <summary>Renders a text that is not escaped; missing values show as <c>(unknown)</c>.</summary>
    /// <param name="text">Handlebars.</param>
    /// <param name="values">What it may show.</param>
    /// <returns>The text.</returns>
    /// <exception cref="TemplateException">The text cannot be rendered.</exception>
    string Render(string text, TemplateValues values);

    /// <summary>Renders a mail.</summary>
    /// <param name="template">Name, subject, bodies and fallbacks.</param>
    /// <param name="values">What it may show.</param>
    /// <returns>Subject, body, and body as plain text.</returns>
    /// <exception cref="TemplateException">It cannot be rendered; a value is missing that has no fallback.</exception>
    (string Subject, string Html, string Text) RenderMail(Engine.Definitions.TemplateDefinition template, TemplateValues values);

    /// <summary>The columns of the contact that texts show.</summary>
    /// <param name="texts">Handlebars.</param>
    /// <returns>Logical names.</returns>
    IReadOnlySet<string> ColumnsOf(params IEnumerable<string> texts);
}

/// <summary>What a text may show.</summary>
/// <param name="Contact">Columns of the contact.</param>
/// <param name="Event">Properties of the event that triggered the journey, as JSON in UTF-8; empty where there is none.</param>
/// <param name="Journey">Name of the journey.</param>
/// <param name="Links">Addresses made for this message: <c>unsubscribe</c>, <c>preferences</c>; empty where there are none.</param>
public sealed record TemplateValues(IReadOnlyDictionary<string, object?> Contact, byte[] Event, string Journey, IReadOnlyDictionary<string, string> Links);

/// <summary>A text cannot be rendered.</summary>
public sealed class TemplateException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">What is missing or wrong, and where.</param>
    /// <param name="inner">What lies behind it.</param>
    public TemplateException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
