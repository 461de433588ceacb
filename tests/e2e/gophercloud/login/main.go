// Logs in with gophercloud, and keeps a zone with a record set, as Terraform's provider and ExternalDNS do.
//
//	main password|credential NAME     with the variables OS_*
//	main cloud NAME                   with the file in OS_CLIENT_CONFIG_FILE and the cloud in OS_CLOUD
//
// In the middle it revokes its own token, and goes on: the library has to log in again by itself. The names of the
// zones and of the record sets that it saw, and whether the token is another one, are printed as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/dns/v2/recordsets"
	"github.com/gophercloud/gophercloud/openstack/dns/v2/zones"
	"github.com/gophercloud/gophercloud/openstack/identity/v3/tokens"
	"github.com/gophercloud/utils/openstack/clientconfig"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func connect(how string) *gophercloud.ServiceClient {
	if how == "cloud" {
		client, err := clientconfig.NewServiceClient("dns", &clientconfig.ClientOpts{Cloud: os.Getenv("OS_CLOUD")})
		check(err)
		return client
	}
	options := gophercloud.AuthOptions{IdentityEndpoint: os.Getenv("OS_AUTH_URL"), AllowReauth: true}
	if how == "password" {
		options.Username, options.Password = os.Getenv("OS_USERNAME"), os.Getenv("OS_PASSWORD")
		options.DomainName, options.TenantName = "Default", os.Getenv("OS_PROJECT_NAME")
	} else {
		options.ApplicationCredentialID = os.Getenv("OS_APPLICATION_CREDENTIAL_ID")
		options.ApplicationCredentialSecret = os.Getenv("OS_APPLICATION_CREDENTIAL_SECRET")
	}
	provider, err := openstack.AuthenticatedClient(options)
	check(err)
	client, err := openstack.NewDNSV2(provider, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
	check(err)
	return client
}

func revoke(client *gophercloud.ServiceClient) {
	identity, err := openstack.NewIdentityV3(client.ProviderClient, gophercloud.EndpointOpts{})
	check(err)
	valid, err := tokens.Validate(identity, client.TokenID)
	check(err)
	if !valid {
		check(fmt.Errorf("the token is not valid"))
	}
	check(tokens.Revoke(identity, client.TokenID).Err)
}

func names(client *gophercloud.ServiceClient, zone string) (seen []string) {
	pages, err := recordsets.ListByZone(client, zone, nil).AllPages()
	check(err)
	found, err := recordsets.ExtractRecordSets(pages)
	check(err)
	for _, each := range found {
		seen = append(seen, each.Name+" "+each.Type)
	}
	return
}

func main() {
	client, name := connect(os.Args[1]), os.Args[2]
	zone, err := zones.Create(client, zones.CreateOpts{Name: name, Email: "joe@example.org"}).Extract()
	check(err)
	before := client.TokenID
	revoked := os.Args[1] != "cloud"
	if revoked {
		revoke(client)
	}
	_, err = recordsets.Create(client, zone.ID, recordsets.CreateOpts{
		Name: "www." + name, Type: "A", Records: []string{"192.0.2.1"},
	}).Extract()
	check(err)
	seen := names(client, zone.ID)
	_, err = zones.Delete(client, zone.ID).Extract()
	check(err)
	check(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"seen": seen, "again": before != client.TokenID, "revoked": revoked,
	}))
}
