using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>What an organisation has before anybody did anything: itself, one business unit, a currency, users, the administrator's role.</summary>
internal static class SeedRows
{
    /// <summary>Plants what is missing; a second time nothing is.</summary>
    public static void Plant(Organization organization)
    {
        CallContext call = organization.SystemCall();
        organization.Store.Write(tx =>
        {
            CallContext inside = call with { Transaction = tx };
            var unit = new Lookup("businessunit", SeedIds.BusinessUnit);
            Make("organization", SeedIds.Organization,
                new()
                {
                    ["name"] = Organization.Name,
                    ["languagecode"] = 1033,
                    ["expirechangetrackingindays"] = 7,
                    ["plugintracelogsetting"] = 1,
                    ["schemanameprefix"] = "new"
                });
            Make("businessunit", SeedIds.BusinessUnit,
                new() { ["name"] = Organization.Name, ["organizationid"] = new Lookup("organization", SeedIds.Organization) });
            Make("transactioncurrency", SeedIds.Currency,
                new() { ["currencyname"] = "Euro", ["isocurrencycode"] = "EUR", ["currencysymbol"] = "€", ["currencyprecision"] = 2, ["exchangerate"] = 1m });
            User(SeedIds.SystemUser, "SYSTEM", null, "system");
            User(SeedIds.Administrator, "Ada", "Administrator", "ada");
            User(SeedIds.Marketer, "Mia", "Marketer", "mia");
            User(SeedIds.Salesperson, "Sam", "Seller", "sam");
            User(SeedIds.SecondSalesperson, "Sara", "Seller", "sara");
            User(SeedIds.ProductAdministrator, "Paul", "Product", "paul");
            User(SeedIds.Service, "CrmBehavior", "Service", "service", isApplication: true);
            Make("role", SeedIds.SystemAdministratorRole, new() { ["name"] = "System Administrator", ["businessunitid"] = unit });
            Make("publisher", SeedIds.DefaultPublisher,
                new()
                {
                    ["uniquename"] = "DefaultPublisher" + Organization.Name,
                    ["friendlyname"] = "Default Publisher for " + Organization.Name,
                    ["customizationprefix"] = "new",
                    ["customizationoptionvalueprefix"] = 10000
                });
            if (!organization.Store.Links("systemuserroles_association").Contains(SeedIds.Administrator, SeedIds.SystemAdministratorRole))
                tx.AddLink("systemuserroles_association", SeedIds.Administrator, SeedIds.SystemAdministratorRole);
            return true;

            void User(Guid id, string first, string? last, string account, bool isApplication = false) => Make("systemuser", id, new()
            {
                ["firstname"] = first,
                ["lastname"] = last,
                ["domainname"] = account + "@sandbox.localhost",
                ["internalemailaddress"] = account + "@sandbox.localhost",
                ["businessunitid"] = unit,
                ["azureactivedirectoryobjectid"] = ObjectId(id),
                ["applicationid"] = isApplication ? ObjectId(id) : null,
                ["accessmode"] = isApplication ? 4 : 0,
            });

            void Make(string table, Guid id, RowValues values)
            {
                if (organization.Store.Find(table, id) is not null) return;
                var info = organization.Store.Schema[table];
                values[info.PrimaryId] = id;
                foreach (string unknown in new List<string>(values.Keys))
                    if (!info.Columns.ContainsKey(unknown)) values.Remove(unknown);
                organization.Rows.Create(inside, info, values);
            }
        });
    }

    /// <summary>The Entra object id that stands for a user.</summary>
    static Guid ObjectId(Guid user)
    {
        byte[] bytes = user.ToByteArray();
        bytes[0] ^= 0xff;
        return new Guid(bytes);
    }
}
