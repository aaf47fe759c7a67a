using System;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CrmBehavior.Service.Telemetry;

/// <summary>Sends metrics and traces to a collector by OTLP over HTTP, where a setting names one.</summary>
/// <param name="collector">Address of the collector, as <c>http://localhost:4318</c>.</param>
internal sealed class TelemetryExport(Uri collector) : IHostedService, IDisposable
{
    MeterProvider? metrics;
    TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("crmbehavior", serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}");
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(PipelineTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter((options, reader) =>
            {
                To(options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 10_000;
            }).Build();
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(PipelineTelemetry.Name, "Microsoft.AspNetCore", "Npgsql").AddOtlpExporter(options => To(options, "v1/traces")).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // What is still in hand goes out, but a collector that is away does not hold up the end.
        traces?.ForceFlush(3000);
        metrics?.ForceFlush(3000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    void To(OtlpExporterOptions options, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}
