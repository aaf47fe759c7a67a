using System;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Messages;
using Microsoft.Xrm.Sdk.Query;
using Shouldly;
using Xunit;

namespace XrmSdk.Tests.Behaviour;

public sealed class MessageTests
{
    [Fact]
    public void Typed_requests_are_their_name_and_parameters()
    {
        var row = new Entity("contact");
        var query = new QueryExpression("contact");

        OrganizationRequest[] requests =
        [
            new CreateRequest { Target = row },
            new UpdateRequest { Target = row, ConcurrencyBehavior = ConcurrencyBehavior.IfRowVersionMatches },
            new DeleteRequest { Target = row.ToEntityReference() },
            new RetrieveRequest { Target = row.ToEntityReference(), ColumnSet = new ColumnSet(true), ReturnNotifications = true },
            new RetrieveMultipleRequest { Query = query },
        ];

        string.Join(" ", Array.ConvertAll(requests, request => request.RequestName)).ShouldBe("Create Update Delete Retrieve RetrieveMultiple");
        requests[0]["Target"].ShouldBeSameAs(row);
        requests[1]["ConcurrencyBehavior"].ShouldBe(ConcurrencyBehavior.IfRowVersionMatches);
        requests[4]["Query"].ShouldBeSameAs(query);
    }

    [Fact]
    public void Parameter_that_was_not_set_is_the_default()
    {
        new UpdateRequest().Target.ShouldBeNull();
        new UpdateRequest().ConcurrencyBehavior.ShouldBe(ConcurrencyBehavior.Default);
        new CreateResponse().id.ShouldBe(Guid.Empty);
    }

    [Fact]
    public void Answers_read_their_results()
    {
        var id = Guid.NewGuid();

        new CreateResponse { Results = { ["id"] = id } }.id.ShouldBe(id);
        new RetrieveResponse { Results = { ["Entity"] = new Entity("contact", id) } }.Entity.Id.ShouldBe(id);
        new RetrieveMultipleResponse { Results = { ["EntityCollection"] = new EntityCollection([new Entity()]) } }.EntityCollection.Entities.Count.ShouldBe(1);
    }
}
