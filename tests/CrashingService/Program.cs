using System;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Bus;
using CrmBehavior.Service.Options;
using Microsoft.Extensions.DependencyInjection;

namespace CrmBehavior.CrashingService;

/// <summary>
/// The service, whole and unchanged, that kills itself with -9 at one point: <c>CRMB_CRASH=IProfileBatch.CommitAsync:after:3</c> after the
/// third commit. The bus is <c>bus.receive</c> and <c>bus.complete</c>. Without the variable it is the service.
/// </summary>
public static class Program
{
    /// <summary>Runs until asked to stop, or dead.</summary>
    /// <param name="args">As the service's.</param>
    /// <returns>As the service's.</returns>
    public static Task<int> Main(string[] args)
    {
        CrashPoint? point = CrashPoint.Parse(Environment.GetEnvironmentVariable("CRMB_CRASH"));
        return Service.Program.RunAsync(args, point is null ? null : services => Wire(services, point));
    }

    static void Wire(IServiceCollection services, CrashPoint point)
    {
        Wrap<IProfileStore>(services, point);
        Wrap<IOutbox>(services, point);
        Wrap<IMailGateway>(services, point);
        services.AddSingleton(s => CrashingPort.Before<ICrmGateway>(s.GetRequiredService<DataverseGateway>(), point));
        services.AddSingleton(s =>
        {
            ServiceSettings settings = s.GetRequiredService<ServiceSettings>();
            var http = new HttpClient(new CrashingWire(point)) { Timeout = Timeout.InfiniteTimeSpan };
            return new BusClient(http, settings.BusUrl, settings.BusQueue, settings.BusKeyName, settings.BusKey);
        });
    }

    static void Wrap<T>(IServiceCollection services, CrashPoint point) where T : class =>
        services.AddSingleton(CrashingPort.Before((T)services.Last(s => s.ServiceType == typeof(T)).ImplementationInstance!, point));

    /// <summary>The way to the bus.</summary>
    sealed class CrashingWire(CrashPoint point) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string name = request.Method == HttpMethod.Delete ? "bus.complete" : request.RequestUri!.AbsolutePath.EndsWith("/head", StringComparison.Ordinal) ? "bus.receive" : "bus.other";
            // A queue without messages answers 204: nothing was received.
            int call = name == "bus.receive" ? 0 : point.Before(name);
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            if (name == "bus.receive" && (int)answer.StatusCode is 200 or 201) call = point.Before(name);
            if (call > 0) point.After(name, call);
            return answer;
        }
    }
}
