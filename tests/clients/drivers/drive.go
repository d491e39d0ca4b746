// Calls each function of Mixpanel's SDK for Go, with the proxy and the authority of the environment.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/mixpanel/mixpanel-go/v2"
	"github.com/mixpanel/mixpanel-go/v2/flags"
)

type object = map[string]any

var (
	ctx   = context.Background()
	TOKEN = os.Getenv("MP_TOKEN")
	URL   = os.Getenv("MP_URL")
	old   = time.Now().Add(-90 * 24 * time.Hour).Truncate(time.Second)
	user  = flags.FlagContext{"distinct_id": "flag-user"}
)

type call struct {
	name string
	run  func() (any, error)
}

func main() {
	project, _ := strconv.Atoi(os.Getenv("MP_PROJECT"))
	account := mixpanel.ServiceAccount(project, os.Getenv("MP_USERNAME"), os.Getenv("MP_SERVICE_SECRET"))
	stranger := mixpanel.ServiceAccount(project, "nobody", "x")
	mp := mixpanel.NewApiClient(TOKEN)
	admin := mixpanel.NewApiClient(TOKEN, account)

	people := func(id string, properties object) []*mixpanel.PeopleProperties {
		return []*mixpanel.PeopleProperties{mixpanel.NewPeopleProperties(id, properties)}
	}
	// An event of its name by a client of these options.
	sends := func(name string, options ...mixpanel.Options) func() (any, error) {
		return func() (any, error) {
			client := mixpanel.NewApiClient(TOKEN, options...)
			return "sent", client.Track(ctx, []*mixpanel.Event{client.NewEvent("Go "+name, "u-1", object{"n": 1})})
		}
	}
	imported := func(event *mixpanel.Event) (any, error) {
		return admin.Import(ctx, []*mixpanel.Event{event}, mixpanel.ImportOptionsRecommend)
	}
	// An event that lies back, with an id.
	record := func(name string, id string) *mixpanel.Event {
		event := mp.NewEvent(name, "u-1", nil)
		event.AddTime(old)
		event.AddInsertID(id)
		return event
	}
	message := func(err error) (any, error) {
		if err == nil {
			return nil, errors.New("no error")
		}
		return fmt.Sprintf("%T: %s", err, err.Error()), nil
	}
	day, _ := time.Parse("2006-01-02", os.Getenv("MP_DAY"))

	calls := []call{
		{"NewApiClient", sends("NewApiClient")},
		{"EuResidency", sends("EuResidency", mixpanel.EuResidency())},
		{"InResidency", sends("InResidency", mixpanel.InResidency())},
		{"ProxyApiLocation", sends("ProxyApiLocation", mixpanel.ProxyApiLocation(URL))},
		{"ProxyDataLocation", func() (any, error) {
			return names(mixpanel.NewApiClient(TOKEN, account, mixpanel.ProxyDataLocation(URL)).Export(
				ctx, day, day, 0, `["Seed Buy"]`, ""))
		}},
		{"HttpClient", func() (any, error) {
			count := &counter{}
			run := sends("HttpClient", mixpanel.HttpClient(&http.Client{Transport: count}))
			_, err := run()
			return count.requests, err
		}},
		{"DebugHttpCalls", func() (any, error) {
			var said bytes.Buffer
			_, err := sends("DebugHttpCalls", mixpanel.DebugHttpCalls(&said))()
			return strings.Split(said.String(), "\r\n")[0], err
		}},
		{"ServiceAccount", func() (any, error) { return imported(record("Go ServiceAccount", "account")) }},
		{"ApiClient.NewEvent", func() (any, error) {
			properties := object{"text": "Köln + 1/2 😀", "n": 3, "list": []int{1}}
			return "sent", mp.Track(ctx, []*mixpanel.Event{mp.NewEvent("Go NewEvent", "u-1", properties)})
		}},
		{"ApiClient.NewEventFromJson", func() (any, error) {
			event, err := mp.NewEventFromJson(object{
				"event": "Go NewEventFromJson", "properties": object{"token": TOKEN, "distinct_id": "u-1", "n": 2},
			})
			if err != nil {
				return nil, err
			}
			return "sent", mp.Track(ctx, []*mixpanel.Event{event})
		}},
		{"ApiClient.Track", func() (any, error) {
			var events []*mixpanel.Event
			for n := 0; n < 120; n++ {
				events = append(events, mp.NewEvent("Go Track", "u-1", object{"n": n}))
			}
			return "sent", mp.Track(ctx, events)
		}},
		{"ApiClient.Import", func() (any, error) {
			var events []*mixpanel.Event
			for n := 0; n < 1500; n++ {
				event := record("Go Import", fmt.Sprintf("go-%d", n))
				event.Properties["n"] = n
				events = append(events, event)
			}
			// With the token alone, and not compressed; then with a service account and gzip.
			first, err := mp.Import(ctx, events[:500], mixpanel.ImportOptions{Strict: true, Compression: mixpanel.None})
			if err != nil {
				return nil, err
			}
			second, err := admin.Import(ctx, events[500:], mixpanel.ImportOptionsRecommend)
			return []any{first, second}, err
		}},
		{"ApiClient.Export", func() (any, error) {
			all, err := names(admin.Export(ctx, day, day, mixpanel.ExportNoLimit, mixpanel.ExportNoEventFilter,
				`properties["amount"] > 3`))
			if err != nil {
				return nil, err
			}
			one, err := names(admin.Export(ctx, day, day, 1, `["Seed View"]`, mixpanel.ExportNoWhereFilter))
			return []any{all, one}, err
		}},
		{"ApiClient.Alias", func() (any, error) {
			if err := mp.PeopleSet(ctx, people("aliased", object{"plan": "pro"})); err != nil {
				return nil, err
			}
			return "sent", mp.Alias(ctx, "go-alias", "aliased")
		}},
		{"ApiClient.Merge", func() (any, error) { return message(admin.Merge(ctx, "merge-1", "merge-2")) }},
		{"NewPeopleProperties", all(func() error { return mp.PeopleSet(ctx, people("new", object{"a": 1})) })},
		{"PeopleProperties.SetReservedProperty", all(func() error {
			one := people("reserved", nil)
			one[0].SetReservedProperty(mixpanel.PeopleEmailProperty, "ada@example.com")
			return mp.PeopleSet(ctx, one)
		})},
		{"PeopleProperties.SetIp", all(func() error {
			one := people("ip", object{"a": 1})
			one[0].SetIp(net.ParseIP("203.0.113.9"))
			return mp.PeopleSet(ctx, one)
		})},
		{"UseRequestIp", all(func() error {
			one := people("request-ip", object{"a": 1})
			one[0].SetIp(nil, mixpanel.UseRequestIp())
			return mp.PeopleSet(ctx, one)
		})},
		{"ApiClient.PeopleSet", all(func() error {
			one := append(people("set", object{"plan": "pro"}), people("set-2", object{"plan": "free"})...)
			return mp.PeopleSet(ctx, one)
		}, func() error { return mp.PeopleSet(ctx, people("set", object{"name": "Köln 😀"})) })},
		{"ApiClient.PeopleSetOnce", all(
			func() error { return mp.PeopleSetOnce(ctx, people("set_once", object{"plan": "free"})) },
			func() error { return mp.PeopleSetOnce(ctx, people("set_once", object{"plan": "pro", "b": 1})) })},
		{"ApiClient.PeopleIncrement", all(
			func() error { return mp.PeopleIncrement(ctx, "increment", map[string]int{"n": 5}) },
			func() error { return mp.PeopleIncrement(ctx, "increment", map[string]int{"n": -2, "m": 1}) })},
		{"ApiClient.PeopleUnionProperty", all(
			func() error { return mp.PeopleUnionProperty(ctx, "union", object{"tags": []string{"a", "b"}}) },
			func() error { return mp.PeopleUnionProperty(ctx, "union", object{"tags": []string{"b", "c"}}) })},
		{"ApiClient.PeopleAppendListProperty", all(
			func() error { return mp.PeopleAppendListProperty(ctx, "append", object{"cities": "Rome"}) },
			func() error { return mp.PeopleAppendListProperty(ctx, "append", object{"cities": "Rome"}) })},
		{"ApiClient.PeopleRemoveListProperty", all(
			func() error { return mp.PeopleSet(ctx, people("remove", object{"tags": []string{"a", "b"}})) },
			func() error { return mp.PeopleRemoveListProperty(ctx, "remove", object{"tags": "a"}) })},
		{"ApiClient.PeopleDeleteProperty", all(
			func() error { return mp.PeopleSet(ctx, people("unset", object{"a": 1, "b": 2})) },
			func() error { return mp.PeopleDeleteProperty(ctx, "unset", []string{"a"}) })},
		{"ApiClient.PeopleDeleteProfile", all(
			func() error { return mp.PeopleSet(ctx, people("delete", object{"a": 1})) },
			func() error { return mp.PeopleDeleteProfile(ctx, "delete", true) })},
		{"ApiClient.GroupSet", all(func() error {
			return mp.GroupSet(ctx, "company", "Acme", object{"plan": "pro", "seats": 5})
		})},
		{"ApiClient.GroupSetOnce", all(func() error {
			return mp.GroupSetOnce(ctx, "company", "Acme", object{"plan": "never", "since": 2026})
		})},
		{"ApiClient.GroupUnionListProperty", all(func() error {
			return mp.GroupUnionListProperty(ctx, "company", "Acme", object{"tags": []string{"a", "b"}})
		})},
		{"ApiClient.GroupRemoveListProperty", all(func() error {
			return mp.GroupRemoveListProperty(ctx, "company", "Acme", object{"tags": "a"})
		})},
		{"ApiClient.GroupDeleteProperty", all(func() error {
			return mp.GroupDeleteProperty(ctx, "company", "Acme", []string{"seats"})
		})},
		{"ApiClient.GroupDelete", all(
			func() error { return mp.GroupSet(ctx, "company", "Gone", object{"a": 1}) },
			func() error { return mp.GroupDelete(ctx, "company", "Gone") })},
		{"Event.AddTime", func() (any, error) { return imported(record("Go AddTime", "add-time")) }},
		{"Event.AddInsertID", func() (any, error) { return imported(record("Go AddInsertID", "add-insert-id")) }},
		{"Event.AddIP", func() (any, error) {
			event := record("Go AddIP", "add-ip")
			event.AddIP(net.ParseIP("203.0.113.9"))
			return imported(event)
		}},
		{"VerboseError.Error", func() (any, error) { return message(mp.Track(ctx, []*mixpanel.Event{{Name: "E", Properties: object{}}})) }},
		{"ImportFailedValidationError.Error", func() (any, error) {
			_, err := imported(mp.NewEvent("Go invalid", "u-1", nil))
			var failed mixpanel.ImportFailedValidationError
			if !errors.As(err, &failed) {
				return nil, fmt.Errorf("another error: %v", err)
			}
			return object{"error": failed.Error(), "records": failed.FailedImportRecords}, nil
		}},
		{"ImportGenericError.Error", func() (any, error) {
			events := []*mixpanel.Event{record("Go refused", "refused")}
			_, err := mixpanel.NewApiClient(TOKEN, stranger).Import(ctx, events, mixpanel.ImportOptionsRecommend)
			return message(err)
		}},
		{"HttpError.Error", func() (any, error) {
			_, err := mixpanel.NewApiClient(TOKEN, stranger).Export(ctx, day, day, 0, "", "")
			return message(err)
		}},
		{"HttpError.Unwrap", func() (any, error) {
			_, err := mixpanel.NewApiClient(TOKEN, stranger).Export(ctx, day, day, 0, "", "")
			return errors.Is(err, mixpanel.ErrUnexpectedStatus), nil
		}},
		{"DefaultFlagsExposureTracker", func() (any, error) {
			mixpanel.DefaultFlagsExposureTracker(mp)("u-1", "Go tracker", object{"n": 1})
			return "sent", nil
		}},
	}
	calls = append(calls, flagCalls()...)

	print(object{"surface": surface(os.Getenv("MP_GO_SDK"))})
	for _, one := range calls {
		line := object{"call": one.name}
		answer, err := one.run()
		if err != nil {
			line["error"] = err.Error()
		} else {
			line["answer"] = answer
		}
		print(line)
	}
}

// Calls of both providers of flags.
func flagCalls() []call {
	var exposed []string
	own := func(_ *mixpanel.ApiClient) flags.Tracker {
		return func(id string, event string, _ map[string]any) { exposed = append(exposed, id+" "+event) }
	}
	silent := flags.DefaultLocalFlagsConfig()
	silent.EnablePolling = false
	local := mixpanel.NewApiClient(TOKEN, mixpanel.WithLocalFlags(silent)).LocalFlags
	remote := mixpanel.NewApiClient(TOKEN, mixpanel.WithRemoteFlags(flags.DefaultRemoteFlagsConfig(), nil)).RemoteFlags
	nobody := func(string, string, map[string]any) {}
	key := "treatment"
	variant := flags.SelectedVariant{VariantKey: &key, VariantValue: object{"colour": "blue"}}
	return []call{
		{"flags.DefaultLocalFlagsConfig", func() (any, error) {
			config := flags.DefaultLocalFlagsConfig()
			return []any{config.APIHost, config.EnablePolling, config.PollingInterval.Seconds()}, nil
		}},
		{"flags.DefaultRemoteFlagsConfig", func() (any, error) { return flags.DefaultRemoteFlagsConfig().APIHost, nil }},
		{"flags.LocalFeatureFlagsProvider.StartPollingForDefinitions", func() (any, error) {
			return "read", local.StartPollingForDefinitions(ctx)
		}},
		{"flags.LocalFeatureFlagsProvider.AreFlagsReady", func() (any, error) { return local.AreFlagsReady(), nil }},
		{"flags.LocalFeatureFlagsProvider.GetVariant", func() (any, error) {
			return local.GetVariant(ctx, "new-nav", flags.SelectedVariant{}, user, false)
		}},
		{"flags.LocalFeatureFlagsProvider.GetVariantValue", func() (any, error) {
			return local.GetVariantValue(ctx, "new-nav", "fallback", flags.FlagContext{"distinct_id": "local-exposed"})
		}},
		{"flags.LocalFeatureFlagsProvider.IsEnabled", func() (any, error) {
			return enabled(func(flag string) (bool, error) { return local.IsEnabled(ctx, flag, user) })
		}},
		{"flags.LocalFeatureFlagsProvider.GetAllVariants", func() (any, error) {
			return keys(local.GetAllVariants(ctx, flags.FlagContext{"distinct_id": "tester"}))
		}},
		{"flags.LocalFeatureFlagsProvider.TrackExposureEvent", func() (any, error) {
			local.TrackExposureEvent(ctx, "new-nav", variant, flags.FlagContext{"distinct_id": "local-tracked"})
			return "sent", nil
		}},
		{"flags.LocalFeatureFlagsProvider.StopPollingForDefinitions", func() (any, error) {
			config := flags.DefaultLocalFlagsConfig()
			config.PollingInterval = 20 * time.Millisecond
			polling := flags.NewLocalFeatureFlagsProvider(TOKEN, "v2", config, nobody)
			if err := polling.StartPollingForDefinitions(ctx); err != nil {
				return nil, err
			}
			time.Sleep(200 * time.Millisecond)
			polling.StopPollingForDefinitions()
			return polling.AreFlagsReady(), nil
		}},
		{"flags.RemoteFeatureFlagsProvider.GetVariant", func() (any, error) {
			return remote.GetVariant(ctx, "new-nav", flags.SelectedVariant{}, user, false)
		}},
		{"flags.RemoteFeatureFlagsProvider.GetVariantValue", func() (any, error) {
			return remote.GetVariantValue(ctx, "new-nav", "fallback", flags.FlagContext{"distinct_id": "remote-exposed"})
		}},
		{"flags.RemoteFeatureFlagsProvider.IsEnabled", func() (any, error) {
			return enabled(func(flag string) (bool, error) { return remote.IsEnabled(ctx, flag, user) })
		}},
		{"flags.RemoteFeatureFlagsProvider.GetAllVariants", func() (any, error) {
			return keys(remote.GetAllVariants(ctx, flags.FlagContext{"distinct_id": "tester"}))
		}},
		{"flags.RemoteFeatureFlagsProvider.TrackExposureEvent", func() (any, error) {
			remote.TrackExposureEvent(ctx, "new-nav", variant, flags.FlagContext{"distinct_id": "remote-tracked"})
			return "sent", nil
		}},
		{"flags.NewLocalFeatureFlagsProvider", func() (any, error) {
			made := flags.NewLocalFeatureFlagsProvider(TOKEN, "v2", silent, nobody)
			if err := made.StartPollingForDefinitions(ctx); err != nil {
				return nil, err
			}
			return made.GetVariantValue(ctx, "gate", false, user)
		}},
		{"flags.NewRemoteFeatureFlagsProvider", func() (any, error) {
			made := flags.NewRemoteFeatureFlagsProvider(TOKEN, "v2", flags.DefaultRemoteFlagsConfig(), nobody)
			return made.GetVariantValue(ctx, "gate", false, user)
		}},
		{"flags.SelectedVariant.AsFallback", func() (any, error) {
			return variant.AsFallback(flags.FallbackReasonFlagNotFound).FallbackReason, nil
		}},
		{"flags.SelectedVariant.WithSource", func() (any, error) {
			return variant.WithSource(flags.VariantSourceRemote).VariantSource, nil
		}},
		{"WithLocalFlags", func() (any, error) { return local != nil, nil }},
		{"WithLocalFlagsAndTracker", func() (any, error) {
			made := mixpanel.NewApiClient(TOKEN, mixpanel.WithLocalFlagsAndTracker(silent, own)).LocalFlags
			if err := made.StartPollingForDefinitions(ctx); err != nil {
				return nil, err
			}
			_, err := made.GetVariantValue(ctx, "new-nav", "fallback", user)
			return exposed, err
		}},
		{"WithRemoteFlags", func() (any, error) {
			exposed = nil
			made := mixpanel.NewApiClient(TOKEN, mixpanel.WithRemoteFlags(flags.DefaultRemoteFlagsConfig(), own))
			_, err := made.RemoteFlags.GetVariantValue(ctx, "new-nav", "fallback", user)
			return exposed, err
		}},
	}
}

// All of them, in their order, up to the first that fails.
func all(steps ...func() error) func() (any, error) {
	return func() (any, error) {
		for _, step := range steps {
			if err := step(); err != nil {
				return nil, err
			}
		}
		return "sent", nil
	}
}

func enabled(ask func(flag string) (bool, error)) (any, error) {
	var found []bool
	for _, flag := range []string{"gate", "new-nav", "none"} {
		is, err := ask(flag)
		if err != nil {
			return nil, err
		}
		found = append(found, is)
	}
	return found, nil
}

func keys(variants map[string]flags.SelectedVariant, err error) (any, error) {
	found := object{}
	for flag, variant := range variants {
		found[flag] = *variant.VariantKey
	}
	return found, err
}

func names(events []*mixpanel.Event, err error) (any, error) {
	found := []string{}
	for _, event := range events {
		found = append(found, fmt.Sprintf("%s %v", event.Name, event.Properties["amount"]))
	}
	sort.Strings(found)
	return found, err
}

type counter struct{ requests int }

func (c *counter) RoundTrip(request *http.Request) (*http.Response, error) {
	c.requests++
	return http.DefaultTransport.RoundTrip(request)
}

func print(line object) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	fmt.Println("@" + string(text))
}

// The exported functions and methods of the SDK's two packages, read from its sources.
func surface(folder string) []string {
	found := []string{}
	for prefix, path := range map[string]string{"": folder, "flags.": filepath.Join(folder, "flags")} {
		files, _ := filepath.Glob(filepath.Join(path, "*.go"))
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				panic(err)
			}
			for _, declaration := range tree.Decls {
				function, ok := declaration.(*ast.FuncDecl)
				if !ok || !function.Name.IsExported() {
					continue
				}
				name := function.Name.Name
				if function.Recv != nil {
					kind := function.Recv.List[0].Type
					if pointer, ok := kind.(*ast.StarExpr); ok {
						kind = pointer.X
					}
					if !kind.(*ast.Ident).IsExported() {
						continue
					}
					name = kind.(*ast.Ident).Name + "." + name
				}
				found = append(found, prefix+name)
			}
		}
	}
	return found
}
