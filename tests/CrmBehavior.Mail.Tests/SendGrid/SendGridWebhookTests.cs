using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrmBehavior.Mail.SendGrid.Webhooks;
using CrmBehavior.Mail.Tests.Servers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Mail.Tests.SendGrid;

public sealed class SendGridWebhookTests
{
    sealed record Vector(string Name, string PublicKey, string Signature, string Timestamp, byte[] Body, bool Valid);

    static Vector[] Vectors()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "SendGrid", "sendgrid-vectors.json")));
        return [.. file.RootElement.GetProperty("vectors").EnumerateArray().Select(v => new Vector(
            v.GetProperty("name").GetString()!, v.GetProperty("public_key").GetString()!, v.GetProperty("signature").GetString()!,
            v.GetProperty("timestamp").GetString()!, v.GetProperty("payload_base64").GetBytesFromBase64(), v.GetProperty("valid").GetBoolean()))];
    }

    public static TheoryData<string> Names => [.. Vectors().Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vector_is_judged_as_its_source_judges_it(string name)
    {
        Vector vector = Vectors().Single(v => v.Name == name);

        new SendGridWebhook([vector.PublicKey]).IsSigned(vector.Signature, vector.Timestamp, vector.Body).ShouldBe(vector.Valid);
    }

    [Fact]
    public void There_are_twelve_vectors_three_of_them_valid() => (Vectors().Length, Vectors().Count(v => v.Valid)).ShouldBe((12, 3));

    [Fact]
    public void Two_keys_are_valid_while_one_replaces_the_other()
    {
        Vector[] valid = [.. Vectors().Where(v => v.Valid)];
        var webhook = new SendGridWebhook([valid[0].PublicKey, "-----BEGIN PUBLIC KEY-----\n" + valid[1].PublicKey + "\n-----END PUBLIC KEY-----"]);

        webhook.IsSigned(valid[0].Signature, valid[0].Timestamp, valid[0].Body).ShouldBeTrue();
        webhook.IsSigned(valid[1].Signature, valid[1].Timestamp, valid[1].Body).ShouldBeTrue();
        webhook.IsSigned(valid[0].Signature, valid[1].Timestamp, valid[0].Body).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, "1600112502")]
    [InlineData("", "1600112502")]
    [InlineData("no base64!", "1600112502")]
    [InlineData("AAAA", "1600112502")]
    public void Missing_and_malformed_signatures_are_none(string? signature, string timestamp)
    {
        new SendGridWebhook([Vectors()[0].PublicKey]).IsSigned(signature, timestamp, Vectors()[0].Body).ShouldBeFalse();
        new SendGridWebhook([Vectors()[0].PublicKey]).IsSigned(Vectors()[0].Signature, null, Vectors()[0].Body).ShouldBeFalse();
    }

    [Fact]
    public void An_old_timestamp_is_let_in_unless_a_setting_says_otherwise()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string publicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        byte[] body = "[]"u8.ToArray();
        string Sign(string timestamp) => Convert.ToBase64String(key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        var clock = new FixedTime(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        string old = "1799000000", recent = "1799999990";

        new SendGridWebhook([publicKey], time: clock).IsSigned(Sign(old), old, body).ShouldBeTrue();
        new SendGridWebhook([publicKey], TimeSpan.FromHours(24), clock).IsSigned(Sign(old), old, body).ShouldBeFalse();
        new SendGridWebhook([publicKey], TimeSpan.FromHours(24), clock).IsSigned(Sign(recent), recent, body).ShouldBeTrue();
    }

    [Fact]
    public void A_key_that_is_none_stops_the_start_with_its_setting()
    {
        Should.Throw<ArgumentException>(() => new SendGridWebhook([])).Message.ShouldContain("SendGrid:WebhookPublicKey is missing");
        Should.Throw<ArgumentException>(() => new SendGridWebhook(["abc"])).Message.ShouldContain("SendGrid:WebhookPublicKey is no public key");
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Should.Throw<ArgumentException>(() => new SendGridWebhook([Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())])).Message.ShouldContain("no P-256 key");
    }

    [Fact]
    public void Events_become_reports()
    {
        MailReports read = SendGridWebhook.Read(Encoding.UTF8.GetBytes("""
            [{"email":"a@b.test","timestamp":1800000000,"event":"bounce","sg_event_id":"e1","sg_message_id":"m.1","reason":"550 no such user","status":"5.1.1","type":"blocked",
              "decision_id":"11111111-2222-3333-4444-555555555555","contact_id":"66666666-7777-8888-9999-aaaaaaaaaaaa","journey":"welcome","crmb_category":"promo","category":["promo"],"attempt":"5"},
             {"email":"a@b.test","timestamp":1800000001,"event":"open","sg_event_id":"e2","sg_machine_open":true,"useragent":"x","ip":"1.2.3.4"},
             {"email":"a@b.test","timestamp":1800000002,"event":"click","sg_event_id":"e3","url":"https://a.test/x","url_offset":{"index":0,"type":"html"}},
             {"email":"a@b.test","timestamp":1800000003,"event":"deferred","sg_event_id":"e4","response":"451 later","decision_id":"not a guid"}]
            """));

        read.Problems.ShouldBeEmpty();
        read.Reports.Count.ShouldBe(4);
        MailReport bounce = read.Reports[0];
        (bounce.Event, bounce.EventId, bounce.Email, bounce.Reason, bounce.Type).ShouldBe(("bounce", "e1", "a@b.test", "550 no such user", "blocked"));
        bounce.DecisionId.ShouldBe(Guid.Parse("11111111-2222-3333-4444-555555555555"));
        bounce.ContactId.ShouldBe(Guid.Parse("66666666-7777-8888-9999-aaaaaaaaaaaa"));
        bounce.At.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        bounce.Args.ShouldBe(new Dictionary<string, string> { ["journey"] = "welcome", ["category"] = "promo" }, ignoreOrder: true);
        read.Reports[1].IsMachineOpen.ShouldBeTrue();
        read.Reports[2].Url.ShouldBe("https://a.test/x");
        (read.Reports[3].Reason, read.Reports[3].DecisionId).ShouldBe(("451 later", null));
    }

    [Fact]
    public void One_bad_element_spoils_no_other()
    {
        MailReports read = SendGridWebhook.Read(Encoding.UTF8.GetBytes("""
            [{"email":"a@b.test","timestamp":1,"event":"open","sg_event_id":"e1"}, 5, {"event":"open"}, {"email":"a@b.test","timestamp":"x","event":"open"},
             {"email":"\ud800","timestamp":2,"event":"open"}, {"email":"a@b.test","timestamp":3,"event":"open","sg_event_id":"e2"}, null]
            """));

        read.Reports.Select(r => r.EventId).ShouldBe(["e1", "e2"]);
        read.Problems.Select(p => p.Split(':')[0]).ShouldBe(["/1", "/2", "/3", "/4", "/6"]);
    }

    [Fact]
    public void An_event_without_an_id_has_the_same_one_each_time()
    {
        byte[] body = Encoding.UTF8.GetBytes("""[{"email":"a@b.test","timestamp":1,"event":"open"},{"email":"a@b.test","timestamp":2,"event":"open"}]""");

        string[] first = [.. SendGridWebhook.Read(body).Reports.Select(r => r.EventId)], second = [.. SendGridWebhook.Read(body).Reports.Select(r => r.EventId)];

        first.ShouldBe(second);
        first[0].ShouldNotBe(first[1]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("")]
    public void A_body_that_is_no_array_is_told(string body)
    {
        MailReports read = SendGridWebhook.Read(Encoding.UTF8.GetBytes(body));

        read.Reports.ShouldBeEmpty();
        read.Problems.Count.ShouldBe(1);
    }

    [Fact]
    public void The_vectors_bodies_read()
    {
        SendGridWebhook.Read(Vectors().Single(v => v.Name == "eleven-events-valid-unicode-escapes").Body).ShouldSatisfyAllConditions(
            r => r.Reports.Count.ShouldBe(11), r => r.Problems.ShouldBeEmpty());
    }
}
