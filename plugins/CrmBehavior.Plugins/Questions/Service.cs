using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Capture;
using CrmBehavior.Plugins.Json;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Questions;

/// <summary>
/// Asks the service over HTTPS, signed, and in the name of the user who asks. Each question has a connection of its own, closed after
/// it: the platform's sandbox moves plugins between machines, and a connection kept open there goes stale.
/// </summary>
static class Service
{
    /// <summary>Seconds that most questions may take.</summary>
    internal const int Short = 15;

    /// <summary>Seconds that a question over much history may take; the platform ends everything after 120.</summary>
    internal const int Long = 100;

    const string Root = "api/crm/";
    const int MaxAnswerBytes = 4 * 1024 * 1024;

    /// <summary>The answer.</summary>
    /// <exception cref="InvalidPluginExecutionException">The service refused, or cannot be reached; a sentence for the user.</exception>
    internal static ServiceAnswer Ask(PluginCall call, string question, JsonWriter parameters, int seconds)
    {
        Uri address = ServiceAddress.Read(call);
        using (HttpRequestMessage request = Request(address, Root + question, ServiceKey.Read(call), call.Context.InitiatingUserId, parameters.ToString()))
        using (var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        using (var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(seconds), MaxResponseContentBufferSize = MaxAnswerBytes })
        {
            try
            {
                using (HttpResponseMessage response = client.SendAsync(request).GetAwaiter().GetResult())
                    return Read(address, response, response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
            }
            catch (HttpRequestException fault)
            {
                call.Trace("Not reached: " + fault);
                throw Unreachable(address, fault.GetBaseException().Message.TrimEnd('.'));
            }
            catch (TaskCanceledException)
            {
                throw Unreachable(address, "no answer within " + seconds.ToString(CultureInfo.InvariantCulture) + " seconds");
            }
        }
    }

    static HttpRequestMessage Request(Uri address, string path, string key, Guid initiatingUser, string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        string user = EventStart.Id(initiatingUser);
        // The service refuses what is more than five minutes off, by the clock on the wall.
        long time = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.ConnectionClose = true;
        request.Headers.Add(CrmNames.TimeHeader, time.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(CrmNames.UserHeader, user);
        request.Headers.Add(CrmNames.SignatureHeader, Signature.Of(key, time, user, "/" + path, body));
        return request;
    }

    static ServiceAnswer Read(Uri address, HttpResponseMessage response, byte[] content)
    {
        ServiceAnswer? answer = ServiceAnswer.TryRead(Encoding.UTF8.GetString(content));
        if (response.IsSuccessStatusCode && answer != null) return answer;
        throw new InvalidPluginExecutionException(answer?.TextOrNull("message") ?? string.Format(
            CultureInfo.InvariantCulture,
            "What answers at {0} is not the behaviour service (status {1}). Ask your administrator to check the environment variable {2}.",
            address.Authority, (int)response.StatusCode, CrmNames.ServiceUrlVariable));
    }

    static InvalidPluginExecutionException Unreachable(Uri address, string why) => new InvalidPluginExecutionException(
        "The behaviour service at " + address.Authority + " cannot be reached (" + why
        + "). Ask your administrator to check the environment variable crmb_ServiceUrl and whether the service runs.");
}
