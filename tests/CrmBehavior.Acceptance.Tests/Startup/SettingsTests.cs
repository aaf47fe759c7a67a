using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using CrmBehavior.TestServers;
using Shouldly;
using Xunit;

namespace CrmBehavior.Acceptance.Tests.Startup;

/// <summary>A service whose settings are wrong does not start, and says which.</summary>
public sealed class SettingsTests
{
    static Dictionary<string, string> Sound() => new()
    {
        ["Store__ConnectionString"] = "Data Source=never-made.db",
        ["Crm__Url"] = "http://localhost:1",
        ["Bus__Url"] = "http://localhost:1",
        ["Bus__Queue"] = "events",
        ["Bus__KeyName"] = "listen",
        ["Bus__Key"] = "c2VjcmV0",
        ["SendGrid__Url"] = "http://localhost:1",
        ["SendGrid__ApiKey"] = "SG.x",
        ["SendGrid__WebhookPublicKey"] = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==",
        ["Ingest__WriteKeys"] = "k=server:shop",
        ["Mail__From"] = "Shop <news@shop.example>",
        ["Mail__PostalAddress"] = "Shop, 1 Street",
        ["Service__PublicUrl"] = "http://localhost:1",
    };

    [Theory]
    [InlineData("Crm__Url", null, "Crm:Url is missing")]
    [InlineData("Crm__Url", "contoso", "Crm:Url is \"contoso\"")]
    [InlineData("Bus__Url", null, "Bus:Url is missing")]
    [InlineData("Bus__Queue", null, "Bus:Queue is missing")]
    [InlineData("Bus__Key", null, "Bus:Key is missing")]
    [InlineData("SendGrid__ApiKey", null, "SendGrid:ApiKey is missing")]
    [InlineData("SendGrid__WebhookPublicKey", "abc", "SendGrid:WebhookPublicKey is no public key")]
    [InlineData("Ingest__WriteKeys", "k=shop", "Ingest:WriteKeys has the part \"k=shop\"")]
    [InlineData("Store__Provider", "mysql", "Store:Provider is \"mysql\"")]
    [InlineData("Store__ConnectionString", "Nonsense=1", "Store:ConnectionString")]
    [InlineData("Store__ErasureKey", "short", "Store:ErasureKey is no secret")]
    [InlineData("Crm__ScoreDelay", "soon", "Crm:ScoreDelay is no duration")]
    [InlineData("Mail__From", "nobody", "Mail:From is \"nobody\"")]
    [InlineData("Definitions__Folder", "/there/is/none", "Definitions:Folder")]
    [InlineData("Crm__RefreshAt", "at night", "Crm:RefreshAt is \"at night\", which is no time of day")]
    [InlineData("Limits__CallsPerSecondPerKey", "0", "Limits:CallsPerSecondPerKey is \"0\"; write a whole number")]
    [InlineData("Limits__CallsPerSecondPerAddress", "many", "Limits:CallsPerSecondPerAddress is \"many\"; write a whole number")]
    [InlineData("Service__Proxies", "10.0.0.4,balancer", "Service:Proxies has the part \"balancer\"")]
    [InlineData("Development__Webhooks", "http://localhost:1", "Development:Webhooks is refused in Production")]
    [InlineData("Development__Sandbox", "http://localhost:1", "Development:Sandbox is refused in Production")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence_that_names_it(string name, string? value, string sentence)
    {
        Dictionary<string, string> settings = Sound();
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        if (value == null) settings.Remove(name);
        else settings[name] = value;
        await using ProgramProcess program = ProgramProcess.Start(BuiltProgram.Find("service/CrmBehavior.Service", "CrmBehavior.Service"), ["--urls", "http://127.0.0.1:0"], settings);

        (await program.WaitForExitAsync(TimeSpan.FromMinutes(1))).ShouldBe(2);

        program.Output.ShouldContain("The setting " + sentence);
    }
}
