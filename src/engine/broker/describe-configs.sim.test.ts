import { describe, expect, it } from 'vitest';
import { BROKER_CONFIG } from '../api/config/broker-config.ts';
import { TOPIC_CONFIG, TOPIC_CONFIG_BROKER_KEYS } from '../api/config/topic-config.ts';
import { CONFIG_RESOURCE } from '../metadata/metadata-record.ts';
import { BrokerCluster } from '../testing/broker-cluster.ts';

const { TOPIC, BROKER } = CONFIG_RESOURCE;

describe('where the value of a key comes from', () => {
  const cluster = new BrokerCluster({ seed: 1, brokers: 2, overrides: { 'message.max.bytes': '5000' } });
  cluster.boot();
  cluster.createTopic('t', [[1]], { 'max.message.bytes': '4000' });

  function ask(resourceType: number, resourceName: string, keys: readonly string[] = []) {
    const resource = { resourceType, resourceName, configurationKeys: keys };
    const request = { resources: [resource], includeSynonyms: true, includeDocumentation: false };
    const result = cluster.ask(1, 'DescribeConfigs', request).results[0];
    const synonyms = result?.configs.map((config) =>
      config.synonyms.map(({ name, value, source }) => `${name}=${value} (${source})`),
    );
    return { errorCode: result?.errorCode, sources: result?.configs.map((c) => c.configSource), synonyms };
  }

  function set(name: string, value: string, resourceType: number, resourceName: string): void {
    const resource = { resourceType, resourceName, configs: [{ name, configOperation: 0, value }] };
    cluster.ask(1, 'IncrementalAlterConfigs', { resources: [resource], validateOnly: false });
    cluster.runFor(50);
  }

  it('says so of a topic: its own, a broker’s, all brokers’, the file’s, the default, in this order', () => {
    const inFile = ['message.max.bytes=5000 (4)', 'message.max.bytes=1048588 (5)'];
    const own = ['max.message.bytes=4000 (1)'];
    expect(ask(TOPIC, 't', ['max.message.bytes'])).toMatchObject({
      sources: [1],
      synonyms: [[...own, ...inFile]],
    });
    set('message.max.bytes', '6000', BROKER, '');
    const forAll = ['message.max.bytes=6000 (3)', ...inFile];
    expect(ask(TOPIC, 't', ['max.message.bytes']).synonyms).toEqual([[...own, ...forAll]]);
    set('message.max.bytes', '7000', BROKER, '1');
    const forOne = ['message.max.bytes=7000 (2)', ...forAll];
    expect(ask(TOPIC, 't', ['max.message.bytes']).synonyms).toEqual([[...own, ...forOne]]);
    expect(ask(BROKER, '1', ['message.max.bytes'])).toMatchObject({ sources: [2], synonyms: [forOne] });
    expect(ask(BROKER, '')).toMatchObject({
      synonyms: [['min.insync.replicas=1 (3)'], ['message.max.bytes=6000 (3)']],
    });
  });

  it('gives a default that only a twin in hours has no second name', () => {
    expect(ask(TOPIC, 't', ['retention.ms'])).toEqual({ errorCode: 0, sources: [5], synonyms: [[]] });
  });

  it('does not speak for other brokers, nor of what is not there', () => {
    expect(ask(BROKER, '2').errorCode).toBe(42);
    expect(ask(BROKER, 'one').errorCode).toBe(42);
    expect(ask(TOPIC, 'nowhere').errorCode).toBe(3);
    expect(ask(TOPIC, 'no where').errorCode).toBe(17);
  });
});

it('has one default for a topic’s key and its broker’s twin', () => {
  for (const [name, twin] of Object.entries(TOPIC_CONFIG_BROKER_KEYS)) {
    const byDefault = TOPIC_CONFIG[name as keyof typeof TOPIC_CONFIG].default;
    expect([name, BROKER_CONFIG[twin].default]).toEqual([name, byDefault]);
  }
});
