using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Mail;

[Collection(SharedSandbox.Name)]
public sealed class MailSendTests(SandboxFixture sandbox)
{
    readonly MailClient mails = new(sandbox);
    readonly string to = Guid.NewGuid().ToString("N") + "@example.com";

    [Fact]
    public async Task Accepted_mail_is_202_without_body_and_lies_in_the_inbox()
    {
        JsonObject mail = MailClient.Good(to, "d42");
        mail["custom_args"] = new JsonObject { ["journey"] = "j" };
        mail["headers"] = new JsonObject { ["List-Unsubscribe"] = "<https://x.example/u>" };
        mail["categories"] = new JsonArray("news");
        (int status, string body, string? id) = await mails.SendAsync(mail);
        status.ShouldBe(202);
        body.ShouldBeEmpty();
        id.ShouldNotBeNull().Length.ShouldBe(22);
        JsonNode found = (await mails.InboxAsync(to)).ShouldHaveSingleItem();
        found["id"]!.GetValue<string>().ShouldBe(id);
        found["subject"]!.GetValue<string>().ShouldBe("Hello");
        found["customArgs"]!["decision_id"]!.GetValue<string>().ShouldBe("d42");
        found["customArgs"]!["journey"]!.GetValue<string>().ShouldBe("j");
        found["headers"]!["List-Unsubscribe"]!.GetValue<string>().ShouldBe("<https://x.example/u>");
        found["categories"]!.AsArray().Single()!.GetValue<string>().ShouldBe("news");
    }

    [Fact]
    public async Task Each_personalization_is_a_mail_of_its_own()
    {
        JsonObject mail = MailClient.Good(to);
        mail["personalizations"]!.AsArray()
            .Add(new JsonObject { ["to"] = new JsonArray(new JsonObject { ["email"] = "second-" + to }), ["subject"] = "Yours" });
        (await mails.SendAsync(mail)).Status.ShouldBe(202);
        JsonNode first = (await mails.InboxAsync(to)).ShouldHaveSingleItem(), second = (await mails.InboxAsync("second-" + to)).ShouldHaveSingleItem();
        second["subject"]!.GetValue<string>().ShouldBe("Yours");
        second["messageId"]!.GetValue<string>().ShouldBe(first["messageId"]!.GetValue<string>());
        second["id"]!.GetValue<string>().ShouldNotBe(first["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Sandbox_mode_is_200_and_leaves_nothing()
    {
        JsonObject mail = MailClient.Good(to);
        mail["mail_settings"] = new JsonObject { ["sandbox_mode"] = new JsonObject { ["enable"] = true } };
        (await mails.SendAsync(mail)).ShouldBe((200, "", null));
        (await mails.InboxAsync(to)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_key_is_401_in_the_providers_words() =>
        (await mails.SendAsync(MailClient.Good(to).ToJsonString(), "SG.wrong"))
            .ShouldBe((401, """{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked","field":null,"help":null}]}""", null));

    [Fact]
    public async Task Body_that_is_no_json_is_a_bad_request() =>
        (await mails.SendAsync("{")).ShouldBe((400, """{"errors":[{"message":"Bad Request","field":null,"help":null}]}""", null));

    [Theory]
    [InlineData("from", null, "from.email", "The from object must be provided for every email send.")]
    [InlineData("from", """{"email":"no address"}""", "from.email", "The from email does not contain a valid address.")]
    [InlineData("personalizations", null, "personalizations", "The personalizations field is required and must have at least one personalization.")]
    [InlineData("personalizations", "[]", "personalizations", "The personalizations field is required and must have at least one personalization.")]
    [InlineData("personalizations", """[{"to":[]}]""", "personalizations.0.to",
        "The to array is required for all personalization objects, and must have at least one email object with a valid email address.")]
    [InlineData("personalizations", """[{"to":[{"email":"x"}]}]""", "personalizations.0.to.0.email", "Does not contain a valid address.")]
    [InlineData("personalizations", """[{"to":[{"email":"a@example.com"}],"bcc":[{"email":"A@example.com"}]}]""", "personalizations.0",
        "Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [A@example.com] in the personalizations.0.bcc field.")]
    [InlineData("subject", null, "subject",
        "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.")]
    [InlineData("content", null, "content", "Unless a valid template_id is provided, the content parameter is required.")]
    [InlineData("content", """[{"type":"text/plain","value":""}]""", "content.0.value", "The content value must be a string at least one character in length.")]
    [InlineData("content", """[{"type":"text/html","value":"<p>"},{"type":"text/plain","value":"x"}]""", "content",
        "Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your email: text/plain needs to be first")]
    [InlineData("send_at", "99999999999", "send_at", "Scheduling more than 72 hours in advance is forbidden.")]
    [InlineData("template_id", "\"nonsense\"", "template_id", "The template_id must be a valid GUID, you provided 'nonsense'.")]
    [InlineData("headers", """{"Subject":"x"}""", "headers", "Header can not be one of the reserved keys.")]
    [InlineData("categories", """["1","2","3","4","5","6","7","8","9","10","11"]""", "categories",
        "There is a limit of 10 categories for each email that is sent. You provided 11 categories.")]
    public async Task Faulty_mail_is_400_with_field_and_message(string member, string? value, string field, string message)
    {
        JsonObject mail = MailClient.Good(to);
        mail.Remove(member);
        if (value is not null) mail[member] = JsonNode.Parse(value);
        (int status, string body, _) = await mails.SendAsync(mail);
        status.ShouldBe(400);
        JsonNode error = JsonNode.Parse(body)!["errors"]!.AsArray().First(e => e!["field"]?.GetValue<string>() == field)!;
        error["message"]!.GetValue<string>().ShouldStartWith(message);
        error["help"]!.GetValue<string>().ShouldStartWith("http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#");
        (await mails.InboxAsync(to)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_faults_come_in_one_answer()
    {
        (int status, string body, _) = await mails.SendAsync("{}");
        status.ShouldBe(400);
        JsonNode.Parse(body)!["errors"]!.AsArray().Select(e => e!["field"]!.GetValue<string>())
            .ShouldBe(["personalizations", "from.email", "subject", "content"]);
    }

    [Fact]
    public async Task Custom_arguments_above_10_000_bytes_are_refused()
    {
        JsonObject mail = MailClient.Good(to);
        mail["custom_args"] = new JsonObject { ["x"] = new string('x', 10_000) };
        (await mails.SendAsync(mail)).Body.ShouldContain("may not exceed 10,000 bytes per personalization");
    }
}
