using System;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;
using Xunit;

namespace CrmBehavior.Plugins.Tests.Running;

/// <summary>The DLL that ships, in a process of today, as the sandbox runs it.</summary>
public sealed class Net10Tests
{
    [Fact]
    public void Shipped_dll_publishes_a_contact_on_todays_runtime()
    {
        var platform = new PluginPlatform();
        var shipped = new AssemblyLoadContext("shipped", isCollectible: true);
        Assembly assembly = shipped.LoadFromAssemblyPath(Shipped.Plugin);
        var plugin = (IPlugin)Activator.CreateInstance(assembly.GetType("CrmBehavior.Plugins.Capture.ContactChanged", throwOnError: true)!)!;
        var context = new RemoteExecutionContext
        {
            MessageName = "Create",
            PrimaryEntityName = "contact",
            PrimaryEntityId = Guid.NewGuid(),
            OperationId = Guid.NewGuid(),
            OperationCreatedOn = platform.Now,
            Depth = 1,
            Mode = 1,
        };
        context.InputParameters["Target"] = new Entity("contact") { ["emailaddress1"] = "ada@example.com", ["creditlimit"] = new Money(1.5m) };

        plugin.Execute(new PlatformServices(platform, new Pipeline(platform), context));

        string json = (string)platform.Posts.ShouldHaveSingleItem().SharedVariables["crmb_event"];
        JsonElement posted = JsonDocument.Parse(json).RootElement;
        posted.GetProperty("traits").GetProperty("email").GetString().ShouldBe("ada@example.com");
        posted.GetProperty("traits").GetProperty("creditlimit").GetRawText().ShouldBe("1.5");
        assembly.ShouldNotBe(typeof(PluginBase).Assembly);
        shipped.Unload();
    }

    [Fact]
    public void Shipped_dll_has_the_same_catalogue()
    {
        var shipped = new AssemblyLoadContext("shipped", isCollectible: true);
        Type catalog = shipped.LoadFromAssemblyPath(Shipped.Plugin).GetType("CrmBehavior.Plugins.Registration.StepCatalog", throwOnError: true)!;
        var steps = (System.Collections.IEnumerable)catalog.GetProperty("Steps")!.GetValue(null)!;

        steps.Cast<object>().Select(step => step.GetType().GetProperty("Id")!.GetValue(step))
            .ShouldBe(Registration.StepCatalog.Steps.Select(step => (object?)step.Id));
        shipped.Unload();
    }
}
