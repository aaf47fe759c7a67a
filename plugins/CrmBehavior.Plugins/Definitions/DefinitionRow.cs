using System;
using System.Linq;
using CrmBehavior.Contracts;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Plugins.Definitions;

/// <summary>Reads a definition row.</summary>
static class DefinitionRow
{
    internal static Entity Read(IOrganizationService rows, Guid id) =>
        rows.Retrieve(CrmNames.Definition, id, new ColumnSet(DefinitionColumns.Guarded.ToArray()));
}
