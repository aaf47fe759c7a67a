using System.Collections.Generic;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

namespace CrmBehavior.Acceptance.Tests.Doors;

/// <summary>Speaks to the queue of the loop's bus as its plugins and administrators do.</summary>
internal sealed class BusCaller(LoopFixture loop)
{
    /// <summary>Sends a message (<c>messages</c>), or describes the queue anew (an empty path).</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body, string type)
    {
        IReadOnlyDictionary<string, string> settings = loop.Sandbox.Settings;
        using var request = new HttpRequestMessage(method, $"{settings["Bus__Url"].TrimEnd('/')}/{settings["Bus__Queue"]}/{path}".TrimEnd('/')) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("Authorization", SharedAccess.Token(settings["Bus__Url"], settings["Bus__KeyName"], settings["Bus__Key"]));
        if (method == HttpMethod.Put) request.Headers.TryAddWithoutValidation("If-Match", "*");
        return await loop.Sandbox.Http.SendAsync(request);
    }
}
