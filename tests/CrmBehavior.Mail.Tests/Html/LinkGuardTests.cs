using CrmBehavior.Mail.Html;
using CrmBehavior.Mail.Tests.Templates;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.Html;

public sealed class LinkGuardTests
{
    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("\u0001javascript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("java\nscript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    public void A_value_with_another_scheme_is_neutralised(string address)
    {
        string html = Texts.Body("<a href=\"{{contact.website}}\">go</a><img src=\"{{contact.website}}\">", Texts.Values(new { website = address }));

        html.ShouldBe("<a href=\"#\">go</a><img>");
    }

    [Theory]
    [InlineData("https://a.test/x?y=1#z")]
    [InlineData("HTTP://a.test")]
    [InlineData("mailto:a@b.test")]
    [InlineData("tel:+49123")]
    [InlineData("#part")]
    [InlineData("/path:with/colon")]
    [InlineData("")]
    public void What_may_stand_there_comes_back_untouched(string address)
    {
        string html = $"<!DOCTYPE html>\n<HTML><body bgcolor=white><!--[if mso]>x<![endif]--><a HREF='{address}'>go</a>\n";

        LinkGuard.Clean(html).ShouldBe(html);
    }

    [Fact]
    public void Entities_hide_no_scheme()
    {
        LinkGuard.Clean("<a href=\"&#106;avascript:x\">a</a>").ShouldBe("<a href=\"#\">a</a>");
    }

    [Fact]
    public void Other_attributes_with_addresses_are_guarded_too()
    {
        LinkGuard.Clean("<form action=\"javascript:x\"></form><img srcset=\"https://a.test/1 1x, javascript:x 2x\"><table background=\"javascript:x\"></table>")
            .ShouldBe("<form></form><img><table></table>");
    }

    [Fact]
    public void A_whole_document_stays_a_whole_document()
    {
        LinkGuard.Clean("<!DOCTYPE html><html><head><title>t</title></head><body><a href=\"javascript:x\">a</a></body></html>")
            .ShouldBe("<!DOCTYPE html><html><head><title>t</title></head><body><a href=\"#\">a</a></body></html>");
    }
}
