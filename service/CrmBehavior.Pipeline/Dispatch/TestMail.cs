using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Dispatch;

/// <summary>Sends a mail to the person who asks for it, filled with a contact's data; no rule is asked, nothing is noted of the contact.</summary>
public sealed class TestMail(ICrmGateway crm, IMailGateway gateway, ITextRenderer renderer, IMailLinks mailLinks, PlanHolder plans)
{
    /// <summary>Argument that marks such mails: what the provider tells of them is about nobody. Their links, too, lead to nobody.</summary>
    public const string Mark = "crmb_test";

    /// <summary>Sends it.</summary>
    /// <param name="user">The user of the CRM who asks; the mail goes to his own address.</param>
    /// <param name="contact">Whose data it shows; that the user may read the contact has been asked.</param>
    /// <param name="json">The template's text; null to send one in force.</param>
    /// <param name="template">Name of a template in force; not asked when there is a text.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>"Sent to …".</returns>
    /// <exception cref="TestMailException">It cannot be sent; the message says why and what to do.</exception>
    /// <exception cref="CrmException">The CRM did not answer.</exception>
    public async Task<string> SendAsync(Guid user, Guid contact, string? json, string? template, CancellationToken cancellation)
    {
        TemplateDefinition text = Template(json, template);
        string address = await crm.FindUserAddressAsync(user, cancellation) ?? throw new TestMailException("your user has no e-mail address; an administrator enters it in the field \"Primary Email\" of your user");
        string[] columns = [.. renderer.ColumnsOf(text.Subject, text.Html, text.Text ?? "").Concat(["emailaddress1", "fullname"]).Distinct()];
        if (!(await crm.ReadContactsAsync([contact], columns, cancellation)).TryGetValue(contact, out IReadOnlyDictionary<string, object?>? values)) throw new TestMailException($"there is no contact {contact:D}");
        RenderedMail mail;
        try
        {
            IReadOnlyDictionary<string, string> links = mailLinks.Links(Guid.Empty, text.Purpose);
            (string subject, string html, string plain) = renderer.RenderMail(text, new TemplateValues(values, [], "", links));
            mail = new RenderedMail(Guid.NewGuid(), Guid.Empty, address, null, "[Test] " + subject, html, plain, new Dictionary<string, string>(), new Dictionary<string, string> { [Mark] = "true", ["crmb_template"] = text.Name });
        }
        catch (TemplateException e)
        {
            throw new TestMailException(e.Message);
        }
        MailResult result = await gateway.SendAsync(mail, cancellation);
        return result.Outcome switch
        {
            MailOutcome.Accepted => string.Create(CultureInfo.InvariantCulture, $"Sent to {address}: \"{mail.Subject}\""),
            MailOutcome.Uncertain => throw new TestMailException("the mail provider did not answer; the mail may have gone out"),
            _ => throw new TestMailException($"the mail provider did not take it: {result.Reason}"),
        };
    }

    TemplateDefinition Template(string? json, string? name)
    {
        ActivePlan active = plans.Current;
        if (json != null)
        {
            DefinitionTrial trial = DefinitionTrial.Of(json, active);
            if (!trial.IsValid) throw new TestMailException(string.Join('\n', trial.Errors.Select(e => $"{(e.Pointer.Length == 0 ? "/" : e.Pointer)}: {e.Message}")));
            return trial.Definition as TemplateDefinition ?? throw new TestMailException($"a test mail is of a template; this is a {trial.Definition!.Kind}");
        }
        if (name == null) throw new TestMailException("say which mail: \"json\", a template's text, or \"template\", the name of one in force");
        return active.Templates.TryGetValue(name, out TemplateDefinition? found) ? found
            : throw new TestMailException($"there is no template named \"{name}\" in force.{CrmBehavior.Definitions.Reading.Nearest.Hint(name, active.Templates.Keys)}");
    }
}

/// <summary>A test mail cannot be sent.</summary>
public sealed class TestMailException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">Why, and what to do.</param>
    public TestMailException(string message) : base(message)
    {
    }
}
