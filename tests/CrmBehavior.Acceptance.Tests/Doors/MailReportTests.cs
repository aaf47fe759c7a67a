using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>What the mail provider reports is taken in element by element, whatever stands beside it.</summary>
public sealed class MailReportTests(MailReportTests.Fixture loop) : IClassFixture<MailReportTests.Fixture>
{
    const string At = "1772442000";

    /// <summary>A loop whose provider's key the tests have.</summary>
    public sealed class Fixture : LoopFixture
    {
        internal ECDsa Provider { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        protected override Dictionary<string, string> Settings => new(base.Settings) { ["SendGrid__WebhookPublicKey"] = Convert.ToBase64String(Provider.ExportSubjectPublicKeyInfo()) };
    }

    [Fact]
    public async Task A_report_of_another_system_does_not_hold_up_ours_while_the_CRM_is_away()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();
        using HttpResponseMessage down = await loop.Sandbox.Http.PostAsJsonAsync("/sandbox/faults", new { target = "crm", kind = "status", status = 503, rate = 1.0, seconds = 3600 });
        down.EnsureSuccessStatusCode();
        string reports = $$"""[{"email":"stranger@elsewhere.example","timestamp":{{At}},"event":"open","sg_event_id":"foreign"},{"email":"x@example.com","timestamp":{{At}},"event":"open","sg_event_id":"ours","contact_id":"{{id}}"}]""";

        int whileAway = await PostAsync(reports);
        long taken = loop.InStore("SELECT count(*) FROM event WHERE id = 'ours'");
        using HttpResponseMessage up = await loop.Sandbox.Http.DeleteAsync("/sandbox/faults");
        up.EnsureSuccessStatusCode();

        // It comes again for the other's sake, and counts once.
        (whileAway, taken).ShouldBe((503, 1));
        (await PostAsync(reports)).ShouldBe(200);
        loop.InStore("SELECT count(*) FROM event WHERE id = 'ours'").ShouldBe(1);
    }

    [Fact]
    public async Task A_post_with_bad_reports_is_set_aside_once_and_its_good_ones_are_taken_in()
    {
        (Guid id, _) = await loop.ContactAsync();
        await loop.Sandbox.SettleAsync();

        (await PostAsync($$"""[7,"eight",{"event":"open"},{"email":"x@example.com","timestamp":{{At}},"event":"open","sg_event_id":"good","contact_id":"{{id}}"}]""")).ShouldBe(200);

        loop.InStore("SELECT count(*) FROM event WHERE id = 'good'").ShouldBe(1);
        loop.InStore("SELECT count(*) FROM parked_input WHERE door = 'sendgrid'").ShouldBe(1);
    }

    async Task<int> PostAsync(string body)
    {
        string signature = Convert.ToBase64String(loop.Provider.SignData(Encoding.UTF8.GetBytes(At + body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return (await loop.PostAsync("/webhooks/sendgrid", body, null, "application/json", ("X-Twilio-Email-Event-Webhook-Signature", signature), ("X-Twilio-Email-Event-Webhook-Timestamp", At))).Status;
    }
}
