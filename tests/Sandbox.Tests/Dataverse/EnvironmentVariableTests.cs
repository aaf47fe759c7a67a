using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Hosting;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Dataverse;

[Collection(SharedSandbox.Name)]
public sealed class EnvironmentVariableTests(SandboxFixture sandbox)
{
    const string Secret = "RetrieveEnvironmentVariableSecretValue";

    [Fact]
    public async Task Key_of_the_service_is_a_secret_and_the_services_own_setting()
    {
        CrmAnswer answer = await sandbox.Crm.PostAsync(Secret, new JsonObject { ["EnvironmentVariableName"] = "crmb_ServiceKey" });
        answer.Status.ShouldBe(200, answer.Text);
        answer.Json["EnvironmentVariableSecretValue"]!.GetValue<string>()
            .ShouldBe(ServiceSettings.For(sandbox.Host).Single(s => s.Key == "Service__CrmKey").Value);
        // The row and the plain function show where the secret lies, never the secret.
        (await sandbox.Crm.GetAsync("RetrieveEnvironmentVariableValue(DefinitionSchemaName='crmb_ServiceKey')")).Json["Value"]!.GetValue<string>()
            .ShouldStartWith("/subscriptions/");
        (await sandbox.Crm.GetAsync("RetrieveEnvironmentVariableValue(DefinitionSchemaName='crmb_ServiceUrl')")).Json["Value"]!.GetValue<string>()
            .ShouldBe("http://localhost:5000");
    }

    [Fact]
    public async Task Only_a_secret_that_exists_is_told()
    {
        CrmAnswer plain = await sandbox.Crm.PostAsync(Secret, new JsonObject { ["EnvironmentVariableName"] = "crmb_MainScore" });
        plain.Status.ShouldBe(400);
        plain.Message.ShouldNotBeNull().ShouldContain("not of type Secret");
        (await sandbox.Crm.PostAsync(Secret, new JsonObject { ["EnvironmentVariableName"] = "nosuch" })).Status.ShouldBe(404);
        (await sandbox.Crm.PostAsync(Secret, new JsonObject())).Status.ShouldBe(400);
        (await sandbox.Crm.GetAsync(Secret)).Status.ShouldBe(405);
    }
}
