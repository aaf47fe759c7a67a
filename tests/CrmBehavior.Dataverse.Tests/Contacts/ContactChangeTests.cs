using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Tests.Servers;
using CrmBehavior.Pipeline.Ports;
using Shouldly;
using Xunit;

namespace CrmBehavior.Dataverse.Tests.Contacts;

public sealed class ContactChangeTests
{
    static readonly CancellationToken None = CancellationToken.None;

    static CrmReply Page(CrmServer server, string token, params object[] rows) =>
        CrmReply.Json(new Dictionary<string, object> { ["value"] = rows, ["@odata.deltaLink"] = $"{server.Url}/api/data/v9.2/contacts?$select=contactid&$deltatoken={token}" });

    [Fact]
    public async Task Only_a_link_that_has_grown_old_begins_anew()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        CrmReply? fault = null;
        server.Answer(r => r.Option("deltatoken").Length == 0 ? Page(server, "1!a") : fault ?? Page(server, "2!b", new { contactid = Ids.Of(1) }));
        string link = (await gateway.ReadChangesAsync(null, None)).Token;

        fault = CrmReply.Fail(403, "0x80040220", "Principal user is missing prvReadContact privilege.");
        (await Should.ThrowAsync<CrmException>(() => gateway.ReadChangesAsync(link, None))).Message.ShouldContain("prvReadContact");
        fault = CrmReply.Fail(400, "0x80044352", "Version stamp associated with the client has expired. Please perform a full sync.");
        (await gateway.ReadChangesAsync(link, None)).IsExpired.ShouldBeTrue();
        fault = null;
        ContactChanges read = await gateway.ReadChangesAsync(link, None);

        read.IsExpired.ShouldBeFalse();
        read.Changed.ShouldHaveSingleItem().Contact.ShouldBe(Ids.Of(1));
        read.Token.ShouldEndWith("2!b");
    }

    [Fact]
    public async Task A_link_is_gone_on_from_after_the_environment_has_got_another_name()
    {
        await using CrmServer server = await CrmServer.StartAsync();
        using DataverseGateway gateway = server.Gateway();
        server.Answer(r => r.Option("deltatoken") == "1!a" ? Page(server, "2!b", new { contactid = Ids.Of(1) }) : null);

        ContactChanges read = await gateway.ReadChangesAsync("https://oldname.crm4.dynamics.test/api/data/v9.2/contacts?$select=contactid&$deltatoken=1!a", None);

        read.Changed.ShouldHaveSingleItem().Contact.ShouldBe(Ids.Of(1));
    }
}
