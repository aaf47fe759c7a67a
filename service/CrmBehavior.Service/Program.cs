using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Composition;
using CrmBehavior.Service.Options;
using CrmBehavior.Service.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmBehavior.Service;

/// <summary>The companion service: takes behaviour in, decides, and writes back.</summary>
public static class Program
{
    /// <summary>Exit code when the settings or what they lead to stop the start.</summary>
    const int CannotStart = 2;

    /// <summary>Runs until asked to stop.</summary>
    /// <param name="args">Settings as <c>--Section:Name=value</c>, and <c>--urls</c>.</param>
    /// <returns>0, or 2 when it cannot start; the reason is on standard error.</returns>
    public static Task<int> Main(string[] args) => RunAsync(args, last: null);

    /// <summary>The same, with something to say after all parts are registered.</summary>
    internal static async Task<int> RunAsync(string[] args, Action<IServiceCollection>? last)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        try
        {
            ServiceSettings settings = ServiceSettings.Read(builder.Configuration, builder.Environment.IsProduction());
            if (settings.Sandbox == null && builder.Configuration["urls"] == null && builder.Configuration["http_ports"] == null) builder.WebHost.UseUrls("http://localhost:5000");
            using var startLog = LoggerFactory.Create(l => l.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
            await using Foundation foundation = await Foundation.LayAsync(settings, startLog.CreateLogger<Foundation>(), CancellationToken.None);
            builder.Services.AddCrmBehavior(settings, foundation);
            last?.Invoke(builder.Services);
            await using WebApplication app = builder.Build();
            app.UseCrmBehavior(settings, foundation);
            await app.RunAsync();
            return 0;
        }
#pragma warning disable CA1031 // Whatever stops the start is told in words; a crash report helps nobody.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync("The service cannot start.");
            await Console.Error.WriteLineAsync(e is SettingException or StoreUnavailableException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            return CannotStart;
        }
    }
}
