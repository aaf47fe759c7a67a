using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace CrmBehavior.TestServers;

/// <summary>
/// A PostgreSQL server of one's own in a temporary folder, on a free port of this machine. It ends with this process however that ends, and
/// takes its folder along. As root it runs as the user postgres, for the server refuses root.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    // The shell outlives this process just long enough to clear up: its standard input ends when we do, even by kill -9.
    private const string Keeper = """
        "$1" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300 >>"$2/log" 2>&1 </dev/null &
        child=$!
        if read -r word; then :; else word=gone; fi
        kill -QUIT $child 2>/dev/null
        wait $child
        [ "$word" = leave ] || rm -rf "$2"
        """;

    private static readonly Lazy<Task<PostgresCluster>> Shared = new(() => StartAsync());

    private readonly string folder;
    private Process? keeper;

    private PostgresCluster(string folder, int port)
    {
        this.folder = folder;
        Port = port;
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The server that all tests of a run share.</summary>
    /// <returns>The server.</returns>
    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    /// <summary>Starts a server of one's own, to be disposed.</summary>
    /// <returns>The server, ready.</returns>
    public static async Task<PostgresCluster> StartAsync()
    {
        const int Most = 5;
        for (int attempt = 1; ; attempt++)
        {
            string folder = Directory.CreateTempSubdirectory("crmb-postgres-").FullName;
            try
            {
                if (IsRoot) await RunAsync("chown", "postgres", folder);
                await RunAsUserAsync(
                    PostgresPrograms.Of("initdb"), "-D", Path.Combine(folder, "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync",
                    "--no-instructions");
                var cluster = new PostgresCluster(folder, FreePort());
                await cluster.StartAgainAsync();
                return cluster;
            }
            catch (InvalidOperationException) when (attempt < Most)
            {
                // Somebody took the port between our looking and the server's binding.
                if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>How to reach a database of this server.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="port">Another port that leads there, as that of a proxy.</param>
    /// <returns>A connection string of Npgsql.</returns>
    public string ConnectionString(string database, int? port = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port ?? Port,
        Username = "postgres",
        Database = database,
        MaxPoolSize = 20,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Makes an empty database under a new name.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Guid.NewGuid():N}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs SQL on a connection that is not kept.</summary>
    /// <param name="database">Where.</param>
    /// <param name="sql">Statements without parameters.</param>
    /// <returns>The first value of the first row, or null.</returns>
    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Stops the server with <c>pg_ctl stop</c>.</summary>
    /// <param name="mode"><c>fast</c> ends it in order; <c>immediate</c> is as a crash.</param>
    /// <returns>When it is down.</returns>
    public async Task StopAsync(string mode)
    {
        await RunAsUserAsync(PostgresPrograms.Of("pg_ctl"), "-D", Path.Combine(folder, "data"), "-m", mode, "-w", "stop");
        await EndAsync(mayLeave: true);
    }

    /// <summary>Starts a server that was stopped.</summary>
    /// <returns>When it is ready.</returns>
    public async Task StartAgainAsync()
    {
        string[] command = ["sh", "-c", Keeper, "keeper", PostgresPrograms.Of("postgres"), folder, Port.ToString(CultureInfo.InvariantCulture)];
        keeper = Start(AsUser(command), input: true);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException e) when (watch.Elapsed < TimeSpan.FromSeconds(30))
            {
                string log = ReadLog();
                if (log.Contains("could not bind", StringComparison.Ordinal))
                {
                    await EndAsync(mayLeave: false);
                    throw new InvalidOperationException("The port is taken.", e);
                }
                await Task.Delay(20);
            }
        }
    }

    /// <summary>What the server has written to its log.</summary>
    /// <returns>The text.</returns>
    public string ReadLog()
    {
        string log = Path.Combine(folder, "log");
        if (!File.Exists(log)) return "";
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    /// <summary>Stops the server and deletes its folder.</summary>
    /// <returns>When it is gone.</returns>
    public async ValueTask DisposeAsync() => await EndAsync(mayLeave: false);

    private async Task EndAsync(bool mayLeave)
    {
        if (keeper is null) return;
        if (mayLeave) await keeper.StandardInput.WriteLineAsync("leave");
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        keeper = null;
    }

    private string Unpooled(string database) => new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string[] AsUser(string[] command) => IsRoot ? ["runuser", "-u", "postgres", "--", .. command] : command;

    private static Task RunAsUserAsync(params string[] command) => RunAsync(AsUser(command));

    private static async Task RunAsync(params string[] command)
    {
        using Process process = Start(command, input: false);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0) throw new IOException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await errors}{await output}");
    }

    private static Process Start(IReadOnlyList<string> command, bool input)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = input,
            RedirectStandardOutput = !input,
            RedirectStandardError = !input,
            // The user postgres may not enter every folder that we are in.
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string argument in command.Skip(1)) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new IOException($"{command[0]} does not start.");
    }
}
