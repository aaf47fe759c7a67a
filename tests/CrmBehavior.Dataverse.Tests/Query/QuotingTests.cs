using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Dataverse.Tests.Servers;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Query;

public sealed class QuotingTests
{
    static readonly string[] Pieces = ["'", "''", "%27", "%", "/", "\\", "?", "&", "#", "+", " ", "$filter=", " or 1 eq 1", ")", "]", "é", "漢", "😀", "\u202e", "a@b.test", "<", "\"", ";", ",", "@odata"];

    /// <summary>What the server reads in a condition: the text between the quotes, doubled ones made single; null when it is no single text.</summary>
    static string? Unquoted(string condition, string before)
    {
        if (!condition.StartsWith(before + "'", StringComparison.Ordinal) || !condition.EndsWith('\'')) return null;
        string inner = condition[(before.Length + 1)..^1];
        return inner.Replace("''", "", StringComparison.Ordinal).Contains('\'') ? null : inner.Replace("''", "'", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_address_reaches_the_server_as_it_is_and_as_nothing_else()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        server.Answer(_ => CrmReply.Rows());
        using DataverseGateway gateway = server.Gateway();
        Gen<string> texts = Gen.Elements(Pieces).NonEmptyListOf().Select(p => string.Concat(p)).Where(t => t.Trim().Length is > 0 and <= 320);

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            server.Requests.Clear();
            gateway.FindContactAsync(text, CancellationToken.None).GetAwaiter().GetResult();
            CrmRequest request = server.Requests.Single();
            return request.Query.Count == 4 && Unquoted(request.Option("filter"), "emailaddress1 eq ") == text.Trim();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public async Task Any_name_of_a_tag_reaches_the_server_as_it_is()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        server.Answer(r => r.Path == "crmb_tags" ? CrmReply.Rows() : null);
        using DataverseGateway gateway = server.Gateway();
        const string Name = "O'Neil's 50%27 /x?&#😀";

        (await gateway.WriteAsync([new Pipeline.Ports.SetTag(Ids.Of(1), Name, false)], CancellationToken.None))[0].Outcome.ShouldBe(Pipeline.Ports.CrmOutcome.WasSo);

        Unquoted(server.Requests.Single(r => r.Path == "crmb_tags").Option("filter").Trim('(', ')'), "crmb_name eq ").ShouldBe(Name);
    }

    [Theory]
    [InlineData("contacts)?x=1")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void A_name_that_is_none_never_becomes_part_of_an_address(string name)
    {
        Should.Throw<ArgumentException>(() => ODataText.Row(name, Ids.Of(1)));
        Should.Throw<ArgumentException>(() => ODataText.Equal(name, "x"));
    }
}
