// Calls the API with gophercloud, in the order in which lego and Terraform's provider do.
//
//	main URL TOKEN present ZONE NAME VALUE     as lego's provider `designate` publishes a challenge
//	main URL TOKEN cleanup ZONE NAME           as it removes one
//	main URL TOKEN apply ZONE_ID NAME TYPE RECORD...
//	                                           as Terraform's openstack_dns_recordset_v2 is created and read
//
// What was found or made is printed as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack/dns/v2/recordsets"
	"github.com/gophercloud/gophercloud/openstack/dns/v2/zones"
)

const ttl = 10

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func zoneID(client *gophercloud.ServiceClient, wanted string) string {
	pages, err := zones.List(client, nil).AllPages()
	check(err)
	found, err := zones.ExtractZones(pages)
	check(err)
	for _, zone := range found {
		if zone.Name == wanted {
			return zone.ID
		}
	}
	check(fmt.Errorf("no zone %s", wanted))
	return ""
}

func record(client *gophercloud.ServiceClient, zone, wanted string) *recordsets.RecordSet {
	pages, err := recordsets.ListByZone(client, zone, nil).AllPages()
	check(err)
	found, err := recordsets.ExtractRecordSets(pages)
	check(err)
	for _, each := range found {
		if each.Name == wanted && each.Type == "TXT" {
			return &each
		}
	}
	return nil
}

func present(client *gophercloud.ServiceClient, zone, name, value string) string {
	id := zoneID(client, zone)
	old := record(client, id, name)
	if old == nil {
		made, err := recordsets.Create(client, id, recordsets.CreateOpts{
			Name: name, Type: "TXT", TTL: ttl, Description: "ACME verification record", Records: []string{value},
		}).Extract()
		check(err)
		if made.Name != name || made.TTL != ttl {
			check(fmt.Errorf("the record set is not as it was made: %v", made))
		}
		return "created"
	}
	for _, each := range old.Records {
		if each == value {
			return "there"
		}
	}
	check(recordsets.Update(client, old.ZoneID, old.ID, recordsets.UpdateOpts{
		Description: &old.Description, TTL: &old.TTL, Records: append([]string{value}, old.Records...),
	}).Err)
	return "added"
}

func cleanup(client *gophercloud.ServiceClient, zone, name string) string {
	id := zoneID(client, zone)
	old := record(client, id, name)
	if old == nil {
		return "gone"
	}
	check(recordsets.Delete(client, id, old.ID).ExtractErr())
	return "deleted"
}

func apply(client *gophercloud.ServiceClient, zone, name, kind string, records []string) *recordsets.RecordSet {
	made, err := recordsets.Create(client, zone, recordsets.CreateOpts{Name: name, Type: kind, Records: records}).Extract()
	check(err)
	found, err := recordsets.Get(client, zone, made.ID).Extract()
	check(err)
	return found
}

func main() {
	url, arguments := os.Args[1]+"/", os.Args[4:]
	client := &gophercloud.ServiceClient{
		ProviderClient: &gophercloud.ProviderClient{TokenID: os.Args[2]},
		Endpoint:       url,
		ResourceBase:   url + "v2/",
		Type:           "dns",
	}
	var result interface{}
	switch os.Args[3] {
	case "present":
		result = present(client, arguments[0], arguments[1], arguments[2])
	case "cleanup":
		result = cleanup(client, arguments[0], arguments[1])
	case "apply":
		result = apply(client, arguments[0], arguments[1], arguments[2], arguments[3:])
	}
	check(json.NewEncoder(os.Stdout).Encode(result))
}
