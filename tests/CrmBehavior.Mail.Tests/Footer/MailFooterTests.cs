using System.Collections.Generic;
using CrmBehavior.Mail.Footer;
using CrmBehavior.Mail.Templates;
using CrmBehavior.Mail.Tests.Templates;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.Footer;

public sealed class MailFooterTests
{
    const string Out = "https://mail.test/unsubscribe/abc-_", Change = "https://mail.test/preferences/abc-_";
    static readonly Dictionary<string, string> Links = new() { ["unsubscribe"] = Out, ["preferences"] = Change };
    readonly MailFooter footer = new("Hats & Co", "Hats & Co GmbH, Main Street 1\n10115 Berlin");

    [Fact]
    public void A_marketing_mail_ends_with_sender_address_and_both_links()
    {
        var (html, text) = footer.Append("<html><body><p>Hi</p></BODY></html>", "Hi", "marketing", Links);

        html.ShouldStartWith("<html><body><p>Hi</p><div");
        html.ShouldEndWith("</div></BODY></html>");
        html.ShouldContain("Hats &amp; Co<br>Hats &amp; Co GmbH, Main Street 1<br>10115 Berlin");
        html.ShouldContain($"<a href=\"{Out}\"");
        html.ShouldContain($"<a href=\"{Change}\"");
        text.ShouldBe($"Hi\n\n-- \nHats & Co\nHats & Co GmbH, Main Street 1\n10115 Berlin\n\nUnsubscribe: {Out}\nChange your preferences: {Change}\n");
    }

    [Fact]
    public void A_template_with_its_own_link_gets_sender_and_address_only()
    {
        var renderer = new HandlebarsRenderer(footer);
        var (_, html, text) = renderer.RenderMail(Texts.Template("<p>Hi</p><a href=\"{{links.unsubscribe}}\">No more</a>"), Texts.Values(links: Links));

        html.Split(Out).Length.ShouldBe(2);
        text.Split(Out).Length.ShouldBe(2);
        html.ShouldNotContain(Change);
        html.ShouldContain("10115 Berlin");
        text.ShouldContain("10115 Berlin");
    }

    [Fact]
    public void A_transactional_mail_gets_sender_and_address_and_no_headers()
    {
        var (html, text) = footer.Append("<p>Your order</p>", "Your order", "transactional", new Dictionary<string, string>());

        html.ShouldContain("10115 Berlin");
        html.ShouldNotContain("href");
        text.ShouldNotContain("Unsubscribe");
        MailFooter.HeadersFor("transactional", Links).ShouldBeEmpty();
    }

    [Fact]
    public void A_marketing_mail_carries_both_headers_of_rfc_8058()
    {
        var headers = MailFooter.HeadersFor("marketing", Links);

        headers["List-Unsubscribe"].ShouldBe($"<{Out}>");
        headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
    }

    [Fact]
    public void A_marketing_mail_without_a_way_out_is_not_made()
    {
        Should.Throw<TemplateException>(() => footer.Append("<p>x</p>", "x", "newsletter", new Dictionary<string, string>()));
        Should.Throw<TemplateException>(() => MailFooter.HeadersFor("marketing", new Dictionary<string, string>()));
    }
}
