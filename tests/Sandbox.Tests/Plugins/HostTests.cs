using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Tests.Support;
using Shouldly;
using Xunit;

namespace CrmBehavior.Sandbox.Tests.Plugins;

/// <summary>What the platform promises a plugin, with an assembly registered row by row as a customer would.</summary>
public sealed class HostTests : IAsyncLifetime
{
    SandboxFixture sandbox = null!;
    Guid pluginType;

    Crm Crm => sandbox.Crm;

    public async Task InitializeAsync()
    {
        sandbox = await SandboxFixture.StartAsync(s => s with { Solution = "", PluginTimeout = TimeSpan.FromSeconds(2) });
        Guid assembly = await Crm.CreateAsync("pluginassemblies", new JsonObject
        {
            ["name"] = "Sandbox.Tests",
            ["culture"] = "neutral",
            ["publickeytoken"] = "null",
            ["version"] = "1.0.0.0",
            ["isolationmode"] = 2,
            ["sourcetype"] = 0,
            ["content"] = Convert.ToBase64String(await File.ReadAllBytesAsync(typeof(SamplePlugin).Assembly.Location)),
        });
        pluginType = await Crm.CreateAsync(
            "plugintypes", new JsonObject
            {
                ["name"] = "Sample",
                ["typename"] = typeof(SamplePlugin).FullName,
                ["friendlyname"] = "sample",
                ["pluginassemblyid@odata.bind"] = $"/pluginassemblies({assembly})"
            });
    }

    public Task DisposeAsync() => sandbox.DisposeAsync();

    [Theory]
    [InlineData(10, "stage 10, in transaction False, ParameterCollection")]
    [InlineData(20, "stage 20, in transaction True, ParameterCollection")]
    public async Task Step_before_the_operation_changes_what_is_written(int stage, string written)
    {
        await StepAsync("Create", stage, "mark");
        (await TitleOf(await ContactAsync())).ShouldBe(written);
    }

    [Theory]
    [InlineData(10, "passed on by its parent tag import")]
    [InlineData(20, "passed on by itself tag import")]
    public async Task Shared_variables_and_the_tag_pass_from_stage_to_stage(int stage, string seen)
    {
        await StepAsync("Create", stage, "share");
        await StepAsync("Create", 20, "read", ("rank", 2));
        CrmAnswer made = await Crm.PostAsync("contacts?tag=import", new JsonObject { ["lastname"] = "x" });
        made.Status.ShouldBe(204, made.Text);
        (await TitleOf(made.Id)).ShouldBe(seen);
    }

    [Fact]
    public async Task Pipelines_of_one_row_and_of_several_are_merged()
    {
        await StepAsync("Create", 20, "mark");
        await StepAsync("CreateMultiple", 20, "many");
        await StepAsync("CreateMultiple", 40, "many after");
        (await TitleOf(await ContactAsync())).ShouldBe("CreateMultiple of 1, stage 20, in transaction True, ParameterCollection");
        JsonObject Target() => new() { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["lastname"] = "x", ["jobtitle"] = "t" };
        CrmAnswer made = await Crm.PostAsync(
            "contacts/Microsoft.Dynamics.CRM.CreateMultiple", new JsonObject { ["Targets"] = new JsonArray(Target(), Target(), Target()) });
        made.Status.ShouldBe(200, made.Text);
        (await Crm.GetAsync("tasks?$select=subject&$orderby=subject")).Column("subject").ShouldBe(["CreateMultiple 1", "CreateMultiple 3"]);
        // The step of each row ran after that of all, and wrote over it.
        (await TitleOf(made.Json["Ids"]![2]!.GetValue<Guid>())).ShouldBe("stage 20, in transaction True, ParameterCollection");
    }

    [Fact]
    public async Task Step_on_UpdateMultiple_runs_for_one_row_too_when_a_filtering_column_is_sent()
    {
        await StepAsync("UpdateMultiple", 20, "many", ("filteringattributes", "firstname"));
        Guid first = await ContactAsync(), second = await ContactAsync();
        await Crm.PatchAsync($"contacts({first})", new JsonObject { ["nickname"] = "n" });
        (await TitleOf(first)).ShouldBeNull();
        await Crm.PatchAsync($"contacts({first})", new JsonObject { ["firstname"] = "f" });
        (await TitleOf(first)).ShouldBe("UpdateMultiple of 1, ");
        JsonObject Target(Guid id, string column) => new() { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["contactid"] = id.ToString(), [column] = "y" };
        (await Crm.PostAsync("contacts/Microsoft.Dynamics.CRM.UpdateMultiple",
            new JsonObject { ["Targets"] = new JsonArray(Target(first, "firstname"), Target(second, "nickname")) })).Status.ShouldBe(204);
        (await TitleOf(second)).ShouldBe("UpdateMultiple of 2, ");
    }

    [Fact]
    public async Task Refusal_is_400_with_the_plugins_words_and_code_and_undoes_all()
    {
        await StepAsync("Create", 40, "child, then refuse");
        CrmAnswer answer = await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" });
        (answer.Status, answer.Code, answer.Message).ShouldBe((400, "0x80040265", "Undone."));
        (await Crm.GetAsync("contacts")).Rows.ShouldBeEmpty();
        (await Crm.GetAsync("tasks")).Rows.ShouldBeEmpty();
        await StepAsync("Create", 10, "refuse");
        CrmAnswer coded = await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" }, ("Prefer", "odata.include-annotations=\"*\""));
        coded.Message.ShouldBe("Not on a Sunday.");
        coded.Json["error"]!["@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode"]!.GetValue<string>().ShouldBe("4711");
    }

    [Fact]
    public async Task Any_other_exception_is_unexpected()
    {
        await StepAsync("Create", 20, "break");
        CrmAnswer answer = await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" });
        (answer.Status, answer.Code).ShouldBe((400, "0x80040224"));
        answer.Message.ShouldNotBeNull().ShouldContain("broken");
    }

    [Fact]
    public async Task Swallowed_failure_of_a_service_call_still_ends_the_transaction()
    {
        await StepAsync("Create", 40, "swallow");
        CrmAnswer answer = await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" });
        answer.Status.ShouldBe(400);
        answer.Message.ShouldNotBeNull().ShouldStartWith("There is no active transaction.");
        (await Crm.GetAsync("contacts")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chain_deeper_than_eight_is_a_loop()
    {
        await StepAsync("Update", 40, "loop");
        Guid id = await ContactAsync();
        CrmAnswer answer = await Crm.PatchAsync($"contacts({id})", new JsonObject { ["jobtitle"] = "x" });
        answer.Status.ShouldBe(400);
        answer.Message.ShouldNotBeNull().ShouldContain("infinite loop");
        (await TitleOf(id)).ShouldBeNull();
    }

    [Fact]
    public async Task Filtering_columns_choose_by_what_was_sent_not_by_what_changed()
    {
        await StepAsync("Update", 20, "mark", ("filteringattributes", "firstname,middlename"));
        Guid id = await ContactAsync();
        await Crm.PatchAsync($"contacts({id})", new JsonObject { ["lastname"] = "y" });
        (await TitleOf(id)).ShouldBeNull();
        await Crm.PatchAsync($"contacts({id})", new JsonObject { ["firstname"] = null });
        (await TitleOf(id)).ShouldNotBeNull().ShouldStartWith("stage 20");
    }

    [Fact]
    public async Task Images_show_before_and_after_with_names_and_labels()
    {
        Guid step = await StepAsync("Update", 40, "images");
        foreach ((string alias, int type, string? columns) in new[] { ("before", 0, "firstname,jobtitle"), ("after", 1, null) })
            await Crm.CreateAsync("sdkmessageprocessingstepimages", new JsonObject
            {
                ["name"] = alias,
                ["entityalias"] = alias,
                ["imagetype"] = type,
                ["attributes"] = columns,
                ["messagepropertyname"] = "Target",
                ["sdkmessageprocessingstepid@odata.bind"] = $"/sdkmessageprocessingsteps({step})",
            });
        CrmAnswer made = await Crm.PostAsync("contacts", new JsonObject { ["firstname"] = "A", ["lastname"] = "x" });
        (await Crm.PatchAsync($"contacts({made.Id})", new JsonObject { ["firstname"] = "B" })).Status.ShouldBe(204);
        JsonNode task = (await Crm.GetAsync("tasks?$select=subject,description")).Rows.Single()!;
        (task["subject"]!.GetValue<string>(), task["description"]!.GetValue<string>()).ShouldBe(("A to B", "contactid,firstname | Active | Ada Administrator"));
    }

    [Fact]
    public async Task Plugin_reads_with_query_fetch_and_retrieve_inside_the_transaction()
    {
        await StepAsync("Create", 40, "query");
        CrmAnswer made = await Crm.PostAsync("contacts", new JsonObject { ["firstname"] = "Q", ["lastname"] = "x", ["nickname"] = "n" });
        made.Status.ShouldBe(204, made.Text);
        (await Crm.GetAsync($"contacts({made.Id})?$select=description")).Json["description"]!.GetValue<string>()
            .ShouldBe("Q, 1, Ada Administrator, True, True");
    }

    [Fact]
    public async Task Bulk_messages_inside_a_plugin_are_refused()
    {
        await StepAsync("Create", 40, "bulk");
        (await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" })).Message.ShouldNotBeNull().ShouldContain("must not be used inside a plug-in");
    }

    [Fact]
    public async Task Plugin_that_does_not_end_is_cut_off_and_the_next_request_goes_on()
    {
        Guid step = await StepAsync("Create", 20, "hang");
        CrmAnswer answer = await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" });
        (answer.Status, answer.Code).ShouldBe((400, "0x80081111"));
        await Crm.PatchAsync($"sdkmessageprocessingsteps({step})", new JsonObject { ["statecode"] = 1 });
        await ContactAsync();
    }

    [Fact]
    public async Task Asynchronous_step_runs_after_the_commit_one_deeper()
    {
        await StepAsync("Create", 40, "child", ("mode", 1));
        Guid id = await ContactAsync();
        await sandbox.Controls.SettleAsync();
        (await Crm.GetAsync($"tasks?$select=subject&$filter=_regardingobjectid_value eq {id}")).Column("subject").ShouldBe(["depth 1"]);
        (await Crm.GetAsync("asyncoperations?$select=statuscode")).Rows.Single()!["statuscode"]!.GetValue<int>().ShouldBe(30);
    }

    [Fact]
    public async Task Bypass_leaves_synchronous_steps_out()
    {
        await StepAsync("Create", 20, "refuse");
        (await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" }, ("MSCRM.BypassCustomPluginExecution", "true"))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Named_steps_are_left_out_and_the_others_run()
    {
        Guid refusing = await StepAsync("Create", 20, "refuse");
        await StepAsync("Create", 20, "mark");
        CrmAnswer made = await Crm.PostAsync(
            "contacts", new JsonObject { ["lastname"] = "x" }, ("MSCRM.BypassBusinessLogicExecutionStepIds", refusing.ToString()));
        made.Status.ShouldBe(204, made.Text);
        (await TitleOf(made.Id)).ShouldNotBeNull().ShouldStartWith("stage 20");
        string four = string.Join(',', Enumerable.Repeat(Guid.NewGuid(), 4));
        (await Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" }, ("MSCRM.BypassBusinessLogicExecutionStepIds", four))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Requests_at_once_and_time_spent_are_limited_too()
    {
        await StepAsync("Create", 20, "hang");
        (await sandbox.Controls.PostAsync("/sandbox/limits", new JsonObject { ["concurrent"] = 1 })).Status.ShouldBe(200);
        Task<CrmAnswer> hanging;
        CrmAnswer second;
        do
        {
            // The one that is to hang may itself come while the other is being answered, and is then refused in its place.
            hanging = Crm.PostAsync("contacts", new JsonObject { ["lastname"] = "x" });
            do second = await Crm.GetAsync("WhoAmI");
            while (second.Status == 200 && !hanging.IsCompleted);
        }
        while (second.Status == 200);
        (second.Status, second.Code, second.Headers["Retry-After"]).ShouldBe((429, "0x80072326", "1"));
        (await hanging).Code.ShouldBe("0x80081111");
        (await sandbox.Controls.PostAsync("/sandbox/limits", new JsonObject { ["concurrent"] = 52, ["executionSeconds"] = 0.000001 })).Status.ShouldBe(200);
        (await Crm.GetAsync("WhoAmI")).Status.ShouldBe(200);
        CrmAnswer tired = await Crm.GetAsync("WhoAmI");
        (tired.Status, tired.Code).ShouldBe((429, "0x80072321"));
        int.Parse(tired.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(290, 300);
    }

    [Fact]
    public async Task Traces_are_kept_when_the_organisation_asks_for_all()
    {
        string organization = (await Crm.GetAsync("WhoAmI")).Json["OrganizationId"]!.GetValue<string>();
        await Crm.PatchAsync($"organizations({organization})", new JsonObject { ["plugintracelogsetting"] = 2 });
        await StepAsync("Create", 20, "mark");
        await ContactAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!patience.IsCancellationRequested)
        {
            CrmAnswer traces = await Crm.GetAsync("plugintracelogs?$select=messageblock,messagename,depth");
            if (traces.Rows.Count == 1)
            {
                traces.Rows[0]!["messageblock"]!.GetValue<string>().ShouldContain("mark at 20");
                return;
            }
        }
        throw new TimeoutException("No trace was written.");
    }

    async Task<Guid> StepAsync(string message, int stage, string configuration, params (string Name, JsonNode Value)[] more)
    {
        JsonNode filter = (await Crm.GetAsync(
            $"sdkmessagefilters?$select=_sdkmessageid_value&$filter=primaryobjecttypecode eq 'contact' and sdkmessageid/name eq '{message}'")).Rows.Single()!;
        var step = new JsonObject
        {
            ["name"] = $"{message} {stage} {configuration}",
            ["configuration"] = configuration,
            ["stage"] = stage,
            ["mode"] = 0,
            ["rank"] = 1,
            ["sdkmessageid@odata.bind"] = $"/sdkmessages({filter["_sdkmessageid_value"]})",
            ["sdkmessagefilterid@odata.bind"] = $"/sdkmessagefilters({filter["sdkmessagefilterid"]})",
            ["eventhandler_plugintype@odata.bind"] = $"/plugintypes({pluginType})",
        };
        foreach ((string name, JsonNode value) in more) step[name] = value;
        return await Crm.CreateAsync("sdkmessageprocessingsteps", step);
    }

    Task<Guid> ContactAsync() => Crm.CreateAsync("contacts", new JsonObject { ["lastname"] = "x" });

    async Task<string?> TitleOf(Guid id) => (await Crm.GetAsync($"contacts({id})?$select=jobtitle")).Json["jobtitle"]?.GetValue<string>();
}
