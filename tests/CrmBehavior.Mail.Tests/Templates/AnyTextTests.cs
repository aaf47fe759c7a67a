using System.Linq;
using CrmBehavior.Mail.Templates;
using CrmBehavior.Pipeline.Ports;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.Templates;

public sealed class AnyTextTests
{
    static readonly string[] Pieces =
        ["{{", "}}", "{", "}", "#if", "/if", "#each", "/each", "else", "^", "~", "!", "!--", "--", "contact.x", "event.a", "date", " ", "\n", "\"", "'", "(", ")", "[", "]", "|", "as", "=", "\\", "this", "../", "@index", "1", "<p>", "<!--", "ü"];

    [Fact]
    public void Text_on_which_the_library_itself_fails_is_refused_by_a_sentence()
    {
        const string Found = "--ü}1~['ü@index(^../{][{{as}/if1~}}event.a#if|@indexelsecontact.x";
        Should.Throw<TemplateException>(() => new HandlebarsRenderer().Render(Found, Texts.Values(new { x = "1" }, "{\"a\":1}"))).Message.ShouldStartWith("The text cannot be rendered: ");
    }

    [Fact]
    public void Any_text_is_rendered_or_refused_by_a_sentence()
    {
        var renderer = new HandlebarsRenderer();
        TemplateValues values = Texts.Values(new { x = "1" }, "{\"a\":[1,{\"x\":2}]}");
        Gen<string> texts = Gen.Elements(Pieces).ListOf().Select(list => string.Concat(list));

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            try
            {
                renderer.Render(text, values);
                renderer.ColumnsOf(text);
            }
            catch (TemplateException problem)
            {
                return problem.Message.Length > 10;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }
}
