using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Mail.Footer;
using CrmBehavior.Mail.Links;
using CrmBehavior.Pipeline.Dispatch;

namespace CrmBehavior.Service.Composition;

/// <summary>Makes the links of a mail as signed tokens under the service's public address.</summary>
internal sealed class SignedLinks(LinkTokens tokens, Uri publicUrl) : IMailLinks
{
    public IReadOnlyDictionary<string, string> Links(Guid contact, string purpose) => purpose == TemplateDefinition.Transactional
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>
        {
            [MailFooter.Unsubscribe] = Address("unsubscribe", LinkUse.Unsubscribe, contact, purpose),
            [MailFooter.Preferences] = Address("preferences", LinkUse.Preferences, contact, purpose),
        };

    public IReadOnlyDictionary<string, string> Headers(string purpose, IReadOnlyDictionary<string, string> links) => MailFooter.HeadersFor(purpose, links);

    string Address(string route, LinkUse use, Guid contact, string purpose) =>
        $"{publicUrl.AbsoluteUri.TrimEnd('/')}/{route}/{tokens.Write(new LinkToken(use, contact, purpose))}";
}
