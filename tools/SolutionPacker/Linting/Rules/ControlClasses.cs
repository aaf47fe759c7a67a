using System;
using System.Collections.Generic;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Ids of the controls of forms and the types of column that each shows.</summary>
static class ControlClasses
{
    internal static readonly Guid Subgrid = new("E7A81278-8635-4D9E-8D4D-59480B391C5B");
    internal static readonly Guid WebResource = new("9FDF5F91-88B1-47F4-AD53-C11EFC01A01D");
    internal static readonly Guid Timeline = new("06375649-C143-495E-A496-C962E5B4488E");

    /// <summary>Controls that show one column.</summary>
    internal static readonly IReadOnlyDictionary<Guid, ColumnType[]> Types = new Dictionary<Guid, ColumnType[]>
    {
        [new("4273EDBD-AC1D-40D3-9FB2-095C621B552D")] = [ColumnType.String, ColumnType.EntityName],
        [new("E0DECE4B-6FC8-4A8F-A065-082708572369")] = [ColumnType.Memo],
        [new("270BD3DB-D9AF-4782-9025-509E298DEC0A")] = [ColumnType.Lookup, ColumnType.Customer, ColumnType.Owner],
        [new("3EF39988-22BB-4F0B-BBBE-64B5A3748AEE")] = [ColumnType.Choice],
        [new("4AA28AB7-9C13-4F57-A73D-AD894D048B5F")] = [ColumnType.MultiChoice],
        [new("67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED")] = [ColumnType.Bool],
        [new("5B773807-9FB2-42DB-97C3-7A91EFF8ADFF")] = [ColumnType.DateTime],
        [new("C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F")] = [ColumnType.Int],
        [new("C3EFE0C3-0EC6-42BE-8349-CBD9079DFD8E")] = [ColumnType.Decimal],
        [new("0D2C745A-E5A8-4C8F-BA63-C6D3BB604660")] = [ColumnType.Double],
        [new("5D68B988-0661-4DB2-BC3E-17598AD3BE6C")] = [ColumnType.Status, ColumnType.State],
    };
}
