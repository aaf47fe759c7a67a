using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using CrmBehavior.Storage.Sqlite;

namespace CrmBehavior.Storage.Tests;

/// <summary>
/// The process that a test kills: commits one event after the other to a file and says so on its standard output, each once the commit has
/// returned.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["commit", var file, var contact]) return 1;
        Guid of = Guid.Parse(contact, CultureInfo.InvariantCulture);
        OpenStore store = OpenStore.Of(SqliteStore.Open(new SqliteStoreOptions { ConnectionString = file, LeaseOwner = "child", ErasureKey = [.. Enumerable.Repeat((byte)7, 32)] }));
        await store.Service.MigrateAsync(default);
        long last = (await store.Profiles.FindAsync(of, default))?.Sequence ?? 0;
        for (long sequence = last + 1; ; sequence++)
        {
            await store.CommitAsync(
                [of],
                commit =>
                {
                    commit.Profiles.Add((Rows.Profile(of, $"state {sequence}", sequence: sequence), null));
                    commit.Events.Add(Rows.Event(of, sequence));
                    commit.Effects.Add(Rows.Effect(of));
                });
            Console.Out.WriteLine(sequence.ToString(CultureInfo.InvariantCulture));
        }
    }
}
