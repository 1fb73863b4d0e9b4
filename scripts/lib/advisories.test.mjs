import { describe, expect, it } from 'vitest';
import { judgeAudit } from './advisories.mjs';

const advisory = (id) => ({ url: `https://github.com/advisories/${id}`, severity: 'high', title: 'It is bad' });
const answer = (...ids) =>
  JSON.stringify({
    vulnerabilities: { lib: { name: 'lib', via: ids.map(advisory) }, user: { name: 'user', via: ['lib'] } },
  });

describe('advisories against the packages of production', () => {
  it('pass where none is known', () => {
    expect(judgeAudit('{"vulnerabilities":{}}')).toMatchObject({ fine: true, note: 'none known' });
  });

  it('fail where one is known, with package, number and title', () => {
    const { fine, output } = judgeAudit(answer('GHSA-a', 'GHSA-b'));
    expect(fine).toBe(false);
    expect(output).toBe('lib: GHSA-a (high) It is bad\nlib: GHSA-b (high) It is bad');
  });

  it('pass where each is named as an exception, which fails once there is nothing behind it', () => {
    const exceptions = [{ id: 'GHSA-a', reason: 'not reached' }];
    expect(judgeAudit(answer('GHSA-a'), { exceptions })).toMatchObject({
      fine: true,
      note: '1 known, 1 named as exceptions',
    });
    expect(judgeAudit(answer('GHSA-b'), { exceptions }).fine).toBe(false);
    expect(judgeAudit('{"vulnerabilities":{}}', { exceptions }).output).toContain('GHSA-a is named as an exception');
  });

  it.each([
    ['without a network', '{"error":{"summary":"request to .. failed"}}', 'request to .. failed'],
    ['of a registry without advisories', '{"message":"405 Method Not Allowed","error":{"summary":""}}', '405 Method'],
    ['of nothing', '', 'no answer'],
  ])('say that nothing was checked: %s', (_, stdout, why) => {
    expect(judgeAudit(stdout)).toMatchObject({ fine: true, note: 'NOT CHECKED: the registry told no advisories' });
    // Where an answer is required, that is a failure.
    const required = judgeAudit(stdout, { required: true });
    expect(required.fine).toBe(false);
    expect(required.output).toContain(why);
  });
});
