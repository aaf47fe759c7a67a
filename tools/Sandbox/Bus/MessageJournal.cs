using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using CrmBehavior.Sandbox.Storage;

namespace CrmBehavior.Sandbox.Bus;

/// <summary>Queues and messages in the journal. Locks are not kept: after a restart every message is free again.</summary>
internal sealed class MessageJournal(Journal journal)
{
    static readonly JsonSerializerOptions Json = new() { Converters = { new PlainValueConverter() } };
    long lastId = journal.Read("SELECT coalesce(max(id), 0) FROM bus_message", r => r.GetInt64(0))[0];

    public IReadOnlyList<(string Name, QueueDescription Description, long NextSequence)> Queues() =>
        journal.Read("SELECT name, description, next_sequence FROM bus_queue", r => (r.GetString(0), QueueDescription.FromJson(r.GetString(1)), r.GetInt64(2)));

    public void SaveQueue(string name, QueueDescription description, long nextSequence) => journal.Write(w => w.Run(
        "INSERT INTO bus_queue (name, description, next_sequence) VALUES ($0, $1, $2) ON CONFLICT (name) DO UPDATE SET description = excluded.description",
        name, description.ToJson(), nextSequence));

    public void DeleteQueue(string name) => journal.Write(w =>
    {
        w.Run("DELETE FROM bus_queue WHERE name = $0", name);
        w.Run("DELETE FROM bus_message WHERE queue = $0", name);
    });

    public IReadOnlyList<BusMessage> Messages(string queue, bool dead) => journal.Read(
        "SELECT id, deliveries, properties, body FROM bus_message WHERE queue = $0 AND dead = $1 ORDER BY sequence", r =>
        {
            BusMessage message = JsonSerializer.Deserialize<BusMessage>(r.GetString(2), Json)!;
            message.StorageId = r.GetInt64(0);
            message.Deliveries = r.GetInt32(1);
            message.Body = (byte[])r.GetValue(3);
            return message;
        }, queue, dead ? 1 : 0);

    public void Add(string queue, bool dead, IReadOnlyList<BusMessage> messages) => journal.Write(w =>
    {
        foreach (BusMessage message in messages)
        {
            message.StorageId = Interlocked.Increment(ref lastId);
            w.Run("INSERT INTO bus_message (id, queue, sequence, dead, deliveries, properties, body) VALUES ($0, $1, $2, $3, $4, $5, $6)",
                message.StorageId, queue, message.Sequence, dead ? 1 : 0, message.Deliveries, JsonSerializer.Serialize(message, Json), message.Body);
        }
        if (!dead && messages.Count > 0)
            w.Run("UPDATE bus_queue SET next_sequence = $1 WHERE name = $0", queue, messages.Max(m => m.Sequence) + 1);
    });

    public void CountDelivery(BusMessage message) =>
        journal.Write(w => w.Run("UPDATE bus_message SET deliveries = $1 WHERE id = $0", message.StorageId, message.Deliveries));

    public void Remove(BusMessage message) => journal.Write(w => w.Run("DELETE FROM bus_message WHERE id = $0", message.StorageId));

    /// <summary>Writes properties again, and whether the message lies in the dead-letter queue.</summary>
    public void Rewrite(BusMessage message, bool dead) => journal.Write(w => w.Run(
        "UPDATE bus_message SET dead = $1, deliveries = $2, properties = $3 WHERE id = $0",
        message.StorageId, dead ? 1 : 0, message.Deliveries, JsonSerializer.Serialize(message, Json)));

    // Application properties are of four plain types; JSON keeps them apart as long as numbers stay numbers.
    sealed class PlainValueConverter : System.Text.Json.Serialization.JsonConverter<object>
    {
        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Number => reader.TryGetInt64(out long whole) ? whole : reader.GetDouble(),
            _ => reader.GetString() ?? "",
        };

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            switch (value)
            {
                case bool truth: writer.WriteBooleanValue(truth); break;
                case long whole: writer.WriteNumberValue(whole); break;
                case double number: writer.WriteNumberValue(number); break;
                default: writer.WriteStringValue((string)value); break;
            }
        }
    }
}
