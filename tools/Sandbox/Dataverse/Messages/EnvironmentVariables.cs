using System;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Import;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Messages;

/// <summary>Values of environment variables by schema name: the environment's own, else the default that came with the solution.</summary>
internal sealed class EnvironmentVariables(RowStore store, SecretVault vault)
{
    /// <summary>The value; of a secret only the address of it.</summary>
    public string? Value(CallContext call, string name) => Read(call, () => ValueOf(Definition(call, name)));

    /// <summary>The secret that a variable of type Secret leads to.</summary>
    public string Secret(CallContext call, string name) => Read(call, () =>
    {
        Row definition = Definition(call, name);
        if (definition.Int("type") != EnvironmentVariable.SecretType)
            throw Failure.InvalidArgument($"The environment variable '{name}' is not of type Secret; read it with RetrieveEnvironmentVariableValue.");
        return vault.Find(ValueOf(definition))
            ?? throw Failure.InvalidArgument($"The environment variable '{name}' has no value, or its value is no address in the key vault.");
    });

    string? ValueOf(Row definition) =>
        store["environmentvariablevalue"].FindEqual("environmentvariabledefinitionid", new Lookup(definition.Table, definition.Id))?.FirstOrDefault()
            ?.Text("value") ?? definition.Text("defaultvalue");

    Row Definition(CallContext call, string name)
    {
        TableInfo table = store.Schema["environmentvariabledefinition"];
        Access.Demand(call.Caller, "Read", table, null);
        return store[table.LogicalName].All.FirstOrDefault(d => string.Equals(d.Text("schemaname"), name, StringComparison.OrdinalIgnoreCase))
            ?? throw new DataverseException(
                404, ErrorCodes.ObjectDoesNotExist, $"An environment variable definition with the schema name '{name}' does not exist.");
    }

    T Read<T>(CallContext call, Func<T> read) => call.Transaction is null ? store.Read(read) : read();
}
