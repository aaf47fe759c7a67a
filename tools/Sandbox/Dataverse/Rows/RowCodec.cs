using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using CrmBehavior.Sandbox.Dataverse.Metadata;

namespace CrmBehavior.Sandbox.Dataverse.Rows;

/// <summary>
/// The form of a row in the journal: id, version, number of columns, then for each its name, a tag and the value. Names, not numbers,
/// so that a row outlives changes of its table; columns that the table no longer has are dropped on reading.
/// </summary>
internal sealed class RowCodec : IDisposable
{
    const byte TextTag = 1, IntTag = 2, LongTag = 3, DecimalTag = 4, DoubleTag = 5, TrueTag = 6, FalseTag = 7, GuidTag = 8, TimeTag = 9, LookupTag = 10;
    static readonly object True = true, False = false;
    readonly MemoryStream buffer = new();
    readonly BinaryWriter writer;
    readonly Dictionary<Lookup, Lookup> shared = [];

    public RowCodec() => writer = new BinaryWriter(buffer, Encoding.UTF8);

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    public byte[] Write(Row row)
    {
        buffer.SetLength(0);
        writer.Write(row.Id.ToByteArray());
        writer.Write7BitEncodedInt64(row.Version);
        WriteCells(row.Cells);
        return buffer.ToArray();
    }

    public Row Read(TableInfo table, long storageId, byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        var id = new Guid(reader.ReadBytes(16));
        long version = reader.Read7BitEncodedInt64();
        return new Row(table.LogicalName, id, version, storageId, ReadCells(reader, table));
    }

    void WriteCells(ReadOnlySpan<Cell> cells)
    {
        writer.Write7BitEncodedInt(cells.Length);
        foreach (ref readonly Cell cell in cells)
        {
            writer.Write(cell.Name);
            WriteValue(cell.Value);
        }
    }

    void WriteValue(object value)
    {
        switch (value)
        {
            case string text: writer.Write(TextTag); writer.Write(text); break;
            case int number: writer.Write(IntTag); writer.Write7BitEncodedInt(number); break;
            case long number: writer.Write(LongTag); writer.Write(number); break;
            case decimal number: writer.Write(DecimalTag); writer.Write(number); break;
            case double number: writer.Write(DoubleTag); writer.Write(number); break;
            case bool truth: writer.Write(truth ? TrueTag : FalseTag); break;
            case Guid id: writer.Write(GuidTag); writer.Write(id.ToByteArray()); break;
            case DateTime time: writer.Write(TimeTag); writer.Write(time.Ticks); break;
            case Lookup lookup: writer.Write(LookupTag); writer.Write(lookup.Table); writer.Write(lookup.Id.ToByteArray()); break;
            default: throw new InvalidOperationException($"A value of type {value.GetType()} cannot be stored.");
        }
    }

    List<KeyValuePair<string, object?>> ReadCells(BinaryReader reader, TableInfo table)
    {
        int count = reader.Read7BitEncodedInt();
        var cells = new List<KeyValuePair<string, object?>>(count);
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            object value = ReadValue(reader);
            if (table.Columns.TryGetValue(name, out var column)) cells.Add(new(column.Name, value));
        }
        return cells;
    }

    object ReadValue(BinaryReader reader)
    {
        byte tag = reader.ReadByte();
        switch (tag)
        {
            case TextTag: return reader.ReadString();
            case IntTag: return reader.Read7BitEncodedInt();
            case LongTag: return reader.ReadInt64();
            case DecimalTag: return reader.ReadDecimal();
            case DoubleTag: return reader.ReadDouble();
            case TrueTag: return True;
            case FalseTag: return False;
            case GuidTag: return new Guid(reader.ReadBytes(16));
            case TimeTag: return new DateTime(reader.ReadInt64(), DateTimeKind.Utc);
            case LookupTag:
                var lookup = new Lookup(reader.ReadString(), new Guid(reader.ReadBytes(16)));
                // Owners and the like are named by nearly every row: one object for all.
                if (lookup.Table is not ("systemuser" or "businessunit" or "team" or "transactioncurrency")) return lookup;
                if (!shared.TryGetValue(lookup, out Lookup? known)) shared.Add(lookup, known = lookup);
                return known;
            default: throw new InvalidDataException($"The journal holds a value of unknown kind {tag}.");
        }
    }
}
