using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Serialization.Json;
using System.Text;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Net462Host;

/// <summary>
/// Runs the plugin DLL that ships on the .NET Framework (on Mono elsewhere): one change of a contact, one life of a definition, two questions to the service. Prints one
/// line for each thing seen; the tests read them.
/// </summary>
static class Program
{
    static void Main()
    {
        var platform = new PluginPlatform();
        Guid contact = platform.Rows.Create(new Entity("contact")
        {
            ["lastname"] = "Lovelace",
            ["emailaddress1"] = "ada@example.com",
            ["creditlimit"] = new Money(250.5m),
        });
        Say("event", (string)platform.Posts[0].SharedVariables[EventMessage.VariableName]);
        Say("posted", Posted(platform.Posts[0]).Contains(contact.ToString("D")) ? "context" : "something else");

        Guid definition = platform.Rows.Create(new Entity(CrmNames.Definition) { ["crmb_json"] = Vip(3) });
        platform.Publish(definition, "first");
        platform.Rows.Update(new Entity(CrmNames.Definition, definition) { ["crmb_json"] = Vip(5) });
        Say("version", platform.Publish(definition, "second").ToString(CultureInfo.InvariantCulture));
        foreach (Entity version in platform.All(CrmNames.DefinitionVersion)) Say("diff", version.GetAttributeValue<string>("crmb_diff"));
        try
        {
            platform.Rows.Create(new Entity(CrmNames.Definition) { ["crmb_json"] = "{\"kind\":\"segment\",\n \"name\":1e400}" });
        }
        catch (InvalidPluginExecutionException refusal)
        {
            Say("refused", refusal.Message);
        }

        Ask(platform, contact);
    }

    /// <summary>Asks a server of this process, and then nobody.</summary>
    static void Ask(PluginPlatform platform, Guid contact)
    {
        string address = "http://localhost:" + FreePort();
        platform.SetVariable(CrmNames.ServiceUrlVariable, address);
        platform.Secrets[CrmNames.ServiceKeyVariable] = "key";
        var question = new ParameterCollection { ["ContactId"] = contact, ["Definition"] = "vip" };
        using (var service = new HttpListener())
        {
            service.Prefixes.Add(address + "/");
            service.Start();
            service.BeginGetContext(asked => Answer(service.EndGetContext(asked)), null);
            Say("explained", (string)platform.Call(CrmNames.Explain, question)["Text"]);
        }

        try
        {
            platform.Call(CrmNames.Explain, question);
        }
        catch (InvalidPluginExecutionException away)
        {
            Say("away", away.Message.Substring(0, away.Message.IndexOf('(')));
        }
    }

    static void Answer(HttpListenerContext asked)
    {
        string signature = asked.Request.Headers[CrmNames.SignatureHeader] ?? "";
        string text = asked.Request.HttpMethod + " " + asked.Request.RawUrl + " with a signature of " + signature.Length + " letters";
        byte[] answer = Encoding.UTF8.GetBytes("{\"text\":\"" + text + "\"}");
        asked.Response.OutputStream.Write(answer, 0, answer.Length);
        asked.Response.Close();
    }

    static int FreePort()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return port;
    }

    static string Vip(int tier) =>
        "{\"kind\":\"segment\",\"name\":\"vip\",\"when\":{\"trait\":\"tier\",\"gte\":" + tier.ToString(CultureInfo.InvariantCulture) + "}}";

    static string Posted(RemoteExecutionContext context)
    {
        using (var stream = new MemoryStream())
        {
            new DataContractJsonSerializer(typeof(RemoteExecutionContext)).WriteObject(stream, context);
            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    static void Say(string what, string seen) => Console.WriteLine(what + ": " + seen);
}
