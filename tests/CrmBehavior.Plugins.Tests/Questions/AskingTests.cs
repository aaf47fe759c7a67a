using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Questions;

/// <summary>The custom APIs that ask the service, over real HTTP.</summary>
public sealed class AskingTests : IDisposable
{
    const string Key = "a key of thirty-two letters, or more";
    static readonly Guid Ada = new("0AA00000-0000-4000-8000-0000000000AD");
    readonly ServiceStandIn service = new();
    readonly PluginPlatform platform = new();

    public AskingTests()
    {
        platform.SetVariable(CrmNames.ServiceUrlVariable, service.Address + "/");
        platform.Secrets[CrmNames.ServiceKeyVariable] = Key;
    }

    public void Dispose() => service.Dispose();

    [Fact]
    public void Question_is_signed_and_names_who_asks()
    {
        service.Answer = """{"text":"Sent to ada@example.com"}""";
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        platform.Call(CrmNames.SendTest, ("Template", "cart-high"), ("ContactId", Ada));

        ServiceStandIn.Question asked = service.Asked.ShouldHaveSingleItem();
        (asked.Method, asked.Path).ShouldBe(("POST", "/api/crm/send-test"));
        asked.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        asked.Headers["X-Crmb-User"].ShouldBe("aa000000-0000-4000-8000-000000000003");
        long time = long.Parse(asked.Headers["X-Crmb-Time"]!, CultureInfo.InvariantCulture);
        time.ShouldBeInRange(before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{time}\naa000000-0000-4000-8000-000000000003\n/api/crm/send-test\n"), .. asked.Body];
        asked.Headers["X-Crmb-Signature"].ShouldBe("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), signed)));
    }

    [Fact]
    public void Path_before_the_service_is_not_signed()
    {
        using var behind = new ServiceStandIn { Answer = """{"text":"done"}""" };
        var elsewhere = new PluginPlatform();
        elsewhere.SetVariable(CrmNames.ServiceUrlVariable, behind.Address + "/behaviour");
        elsewhere.Secrets[CrmNames.ServiceKeyVariable] = Key;

        elsewhere.Call(CrmNames.SendTest, ("Template", "cart-high"), ("ContactId", Ada));

        ServiceStandIn.Question asked = behind.Asked.ShouldHaveSingleItem();
        asked.Path.ShouldBe("/behaviour/api/crm/send-test");
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{asked.Headers["X-Crmb-Time"]}\n{asked.Headers["X-Crmb-User"]}\n/api/crm/send-test\n"), .. asked.Body];
        asked.Headers["X-Crmb-Signature"].ShouldBe("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), signed)));
    }

    [Fact]
    public void Explanation_comes_as_text_and_as_json()
    {
        service.Answer = """{ "text": "Not yet:\n2 of 3", "explanation": { "all": [1, true, null, {}, [], "\u0001\"é"] }, "more": 1 }""";

        ParameterCollection answer = platform.Call(
            CrmNames.Explain, ("ContactId", Ada), ("Definition", "vi\"p"), ("At", new DateTime(2026, 1, 5, 10, 0, 0, 250, DateTimeKind.Utc)));

        service.Asked[0].Json.ShouldBe("""{"contactId":"0aa00000-0000-4000-8000-0000000000ad","definition":"vi\"p","at":"2026-01-05T10:00:00.25Z"}""");
        answer["Text"].ShouldBe("Not yet:\n2 of 3");
        answer["Json"].ShouldBe("""{"all":[1,true,null,{},[],"\u0001\"é"]}""");
    }

    [Fact]
    public void Explanation_without_a_time_sends_none()
    {
        service.Answer = """{"text":"now"}""";

        platform.Call(CrmNames.Explain, ("ContactId", Ada), ("Definition", "vip"))["Json"].ShouldBe("null");

        service.Asked[0].Json.ShouldBe("""{"contactId":"0aa00000-0000-4000-8000-0000000000ad","definition":"vip"}""");
    }

    [Fact]
    public void Validation_lists_errors_before_warnings()
    {
        service.Answer = """
            {"isValid":false,"errors":[{"pointer":"/when/all/0","message":"no such event"},{"pointer":"","message":"no name"}],
             "warnings":[{"pointer":"/when","message":"nobody publishes it"}],"words":"Everybody who"}
            """;

        ParameterCollection answer = platform.Call(CrmNames.Validate, ("Json", "{\"kind\":\n\"segment\"}"));

        service.Asked[0].Json.ShouldBe("""{"json":"{\"kind\":\u000a\"segment\"}","others":true}""");
        service.Asked[0].Path.ShouldBe("/api/crm/validate");
        answer["IsValid"].ShouldBe(false);
        answer["Problems"].ShouldBe("Error at /when/all/0: no such event\nError: no name\nWarning at /when: nobody publishes it");
        answer["Words"].ShouldBe("Everybody who");
        answer["Details"].ShouldBe(service.Answer);
    }

    [Fact]
    public void Valid_definition_has_no_problems()
    {
        service.Answer = """{"isValid":true,"errors":[],"warnings":[],"words":"w"}""";

        ParameterCollection answer = platform.Call(CrmNames.Validate, ("Json", "{}"));

        answer["IsValid"].ShouldBe(true);
        answer["Problems"].ShouldBe("");
    }

    [Fact]
    public void Backtest_goes_by_name_or_by_document()
    {
        service.Answer = """{"text":"12 would have entered","report":{"entered":12}}""";

        ParameterCollection answer = platform.Call(CrmNames.Backtest, ("Journey", "welcome"), ("Days", 30));
        platform.Call(CrmNames.Backtest, ("Json", "{}"), ("Days", 7));

        service.Asked.Select(asked => asked.Json).ShouldBe(["""{"journey":"welcome","days":30}""", """{"json":"{}","days":7}"""]);
        answer["Text"].ShouldBe("12 would have entered");
        answer["Json"].ShouldBe("""{"entered":12}""");
    }

    [Theory]
    [InlineData(CrmNames.Explain, "ContactId is empty")]
    [InlineData(CrmNames.Validate, "Json is empty")]
    [InlineData(CrmNames.Backtest, "Give either Json (a document) or Journey")]
    [InlineData(CrmNames.SendTest, "Give either Json (a document) or Template")]
    public void What_is_missing_is_told_before_anything_is_asked(string api, string sentence)
    {
        Refused(api).ShouldContain(sentence);
        service.Asked.ShouldBeEmpty();
    }

    [Fact]
    public void Both_ways_to_name_a_journey_are_refused() =>
        Refused(CrmNames.Backtest, ("Json", "{}"), ("Journey", "welcome"), ("Days", 1)).ShouldContain("not both");

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Days_are_at_least_one(int days) => Refused(CrmNames.Backtest, ("Journey", "welcome"), ("Days", days)).ShouldContain("at least 1");

    [Theory]
    [InlineData(403, "You may not read this contact.")]
    [InlineData(401, "The signature is wrong; let crmb_ServiceKey and Service:CrmKey be the same.")]
    [InlineData(404, "There is no definition vip.")]
    public void Refusal_of_the_service_is_told_in_its_own_words(int status, string message)
    {
        service.Status = status;
        service.Answer = $$"""{"code":"some","message":"{{message}}"}""";

        RefusedSendTest().ShouldBe(message);
    }

    [Theory]
    [InlineData(502, "<html>Bad gateway</html>", "is not the behaviour service (status 502)")]
    [InlineData(200, "<html>Welcome</html>", "is not the behaviour service (status 200)")]
    [InlineData(500, "{}", "is not the behaviour service (status 500)")]
    [InlineData(200, "{\"code\":\"ok\"}", "has no \"text\"")]
    public void Answer_of_somebody_else_is_told(int status, string answer, string sentence)
    {
        service.Status = status;
        service.Answer = answer;

        RefusedSendTest().ShouldContain(sentence);
    }

    [Fact]
    public void Signed_question_follows_no_redirect()
    {
        using var other = new ServiceStandIn { Answer = """{"text":"caught"}""" };
        service.Redirect = other.Address + "/api/crm/send-test";

        RefusedSendTest().ShouldContain("(status 307)");

        other.Asked.ShouldBeEmpty();
    }

    [Fact]
    public void Service_that_is_away_is_told_with_its_place_and_the_mend()
    {
        service.Dispose();

        string message = RefusedSendTest();

        message.ShouldStartWith($"The behaviour service at {new Uri(service.Address).Authority} cannot be reached (");
        message.ShouldEndWith("). Ask your administrator to check the environment variable crmb_ServiceUrl and whether the service runs.");
    }

    [Theory]
    [InlineData("http://crm.example.com", "over which data would travel unprotected")]
    [InlineData("crm.example.com", "which is no address")]
    [InlineData("ftp://localhost/", "unprotected")]
    public void Address_that_is_none_is_refused(string address, string sentence)
    {
        var other = new PluginPlatform();
        other.SetVariable(CrmNames.ServiceUrlVariable, address);
        other.Secrets[CrmNames.ServiceKeyVariable] = Key;

        Should.Throw<InvalidPluginExecutionException>(() => other.Call(CrmNames.Validate, ("Json", "{}"))).Message.ShouldContain(sentence);
    }

    [Fact]
    public void Settings_that_are_missing_are_named()
    {
        Should.Throw<InvalidPluginExecutionException>(() => new PluginPlatform().Call(CrmNames.Validate, ("Json", "{}")))
            .Message.ShouldStartWith("The environment variable crmb_ServiceUrl is not set.");
        platform.Secrets.Clear();
        Refused(CrmNames.Validate, ("Json", "{}")).ShouldStartWith("The secret environment variable crmb_ServiceKey cannot be read (");
        platform.Secrets[CrmNames.ServiceKeyVariable] = " ";
        Refused(CrmNames.Validate, ("Json", "{}")).ShouldStartWith("The secret environment variable crmb_ServiceKey is empty.");
    }

    [Fact]
    public void Key_is_never_traced()
    {
        service.Answer = """{"text":"done"}""";
        platform.Call(CrmNames.SendTest, ("Template", "cart-high"), ("ContactId", Ada));
        service.Status = 500;
        RefusedSendTest();

        platform.Traces.ShouldNotBeEmpty();
        platform.Traces.ShouldAllBe(line => !line.Contains(Key));
    }

    string RefusedSendTest() => Refused(CrmNames.SendTest, ("Template", "cart-high"), ("ContactId", Ada));

    string Refused(string api, params (string, object?)[] parameters) =>
        Should.Throw<InvalidPluginExecutionException>(() => platform.Call(api, parameters)).Message;
}
