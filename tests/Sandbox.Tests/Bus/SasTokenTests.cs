using System;
using CrmBehavior.Sandbox.Bus;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Bus;

public sealed class SasTokenTests
{
    const string Key = "c2VjcmV0LWtleS1mb3ItdGVzdHM=";
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_699_999_000);

    [Fact]
    public void Signature_of_the_published_vector_is_as_computed() =>
        SasToken.Sign(Key, "https%3a%2f%2fns.servicebus.windows.net%2fq1", "1700000000").ShouldBe("w0fD+fE3KTeF9U22Gb8RBF7b966mOvBBpUZdKMGDwMM=");

    [Theory]
    [InlineData("https://ns.servicebus.windows.net/q1", "/q1/messages/head")]
    [InlineData("sb://NS.servicebus.windows.net/Q1/", "/q1/messages")]
    [InlineData("http://ns.servicebus.windows.net:9911/q1/messages?api-version=2016-07", "/Q1/Messages")]
    [InlineData("https://ns.servicebus.windows.net", "/anything")]
    public void Token_for_an_address_above_opens_what_lies_below(string resource, string path) =>
        SasToken.Problem(SasToken.Create("send", Key, resource, Now.AddHours(1)), "send", Key, "ns.servicebus.windows.net", path, Now).ShouldBeNull();

    [Theory]
    [InlineData("https://ns.servicebus.windows.net/q2", "/q1/messages")]
    [InlineData("https://ns.servicebus.windows.net/q", "/q1/messages")]
    [InlineData("https://other.servicebus.windows.net/q1", "/q1/messages")]
    public void Token_for_another_address_is_the_wrong_audience(string resource, string path) =>
        SasToken.Problem(SasToken.Create("send", Key, resource, Now.AddHours(1)), "send", Key, "ns.servicebus.windows.net", path, Now).ShouldNotBeNull()
            .ShouldStartWith("InvalidAudience");

    [Fact]
    public void Token_with_fractional_expiry_in_any_order_is_accepted()
    {
        const string resource = "https%3A%2F%2Fns.servicebus.windows.net", expiry = "1700000000.244";
        string header = $"SharedAccessSignature skn=send&se={expiry}&sig={Uri.EscapeDataString(SasToken.Sign(Key, resource, expiry))}&sr={resource}";
        SasToken.Problem(header, "send", Key, "ns.servicebus.windows.net", "/q1/messages", Now).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "MissingToken")]
    [InlineData("Bearer x", "MalformedToken")]
    [InlineData("SharedAccessSignature sr=x", "MalformedToken")]
    [InlineData("SharedAccessSignature sr=x&sig=y&se=z&skn=send", "MalformedToken")]
    [InlineData("SharedAccessSignature sr=x&sig=y&se=1&skn=send", "InvalidSignature")]
    public void Header_that_is_no_token_says_what_it_lacks(string? header, string problem) =>
        SasToken.Problem(header, "send", Key, "h", "/q", Now).ShouldNotBeNull().ShouldStartWith(problem);

    [Fact]
    public void Token_past_its_end_is_expired() =>
        SasToken.Problem(SasToken.Create("send", Key, "https://h/q", Now.AddSeconds(-1)), "send", Key, "h", "/q", Now).ShouldNotBeNull()
            .ShouldStartWith("ExpiredToken");

    [Fact]
    public void Token_of_another_key_has_an_invalid_signature() =>
        SasToken.Problem(SasToken.Create("send", "other", "https://h/q", Now.AddHours(1)), "send", Key, "h", "/q", Now).ShouldNotBeNull()
            .ShouldStartWith("InvalidSignature");
}
