using CrmBehavior.Mail.Html;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.Html;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("<p>One\n  two</p><p>three<br>four</p>", "One two\n\nthree\nfour")]
    [InlineData("<ul><li>a</li><li>b</li></ul><ol><li>x</li><li>y</li></ol>", "- a\n- b\n\n1. x\n2. y")]
    [InlineData("<a href=\"https://a.test\">https://a.test</a> <a href=\"mailto:x@y.z\">x@y.z</a> <a href=\"#top\">up</a>", "https://a.test x@y.z up")]
    [InlineData("<table><tr><td>Hat</td><td>10</td></tr><tr><td>Coat</td><td>99</td></tr></table>", "Hat 10\nCoat 99")]
    [InlineData("<head><title>t</title><style>a{}</style></head><script>x</script><p>seen</p>", "seen")]
    [InlineData("<div style=\"display: none\">preheader</div><p>a <b>b</b>c</p>", "a bc")]
    [InlineData("<img src=\"x\" alt=\"A hat\"><pre>a  b\n c</pre>", "A hat\n\na  b\n c")]
    [InlineData("<p>a</p><hr><p>b&nbsp;c &amp; &lt;d&gt;</p>", "a\n\n----\n\nb c & <d>")]
    [InlineData("<div><div><div>deep</div></div></div><div>next</div>", "deep\nnext")]
    [InlineData("", "")]
    public void A_body_reads_without_a_browser(string html, string text) => PlainText.Of(html).ShouldBe(text);
}
